import { callFunction, explore, type Facts, type Surroundings, type Tree, type Value } from './c-eval.ts';
import { openProgram } from './surroundings.ts';
import type { Ops } from './ops.ts';
import type { Source } from './source.ts';
import type { KernelTypes } from './types-of.ts';

/** A prototype as generated: packed types as numbers. */
export interface ProtoRow {
  readonly proto: string;
  readonly ret: number;
  readonly args: readonly number[];
  readonly argSizes: readonly number[];
  readonly argBtf: readonly (string | null)[];
  readonly retBtf: string | null;
  readonly gplOnly: boolean;
  readonly pktAccess: boolean;
  readonly mightSleep: boolean;
  readonly allowFastcall: boolean;
  readonly allowed: string | null;
}

/** A kernel type value (8 base bits) in this project's packing (5 base bits). */
export function pack(type: number): number {
  return (type & 0xff) | ((type >>> 8) << 5);
}

/** Names that `__FUNC_MAPPER` style lists give ids, `bpf_` prefixed. */
export function helperNames(types: KernelTypes): string[] {
  const names: string[] = [];
  for (const [name, id] of types.enumerators('BPF_FUNC_'))
    names[id] = `bpf_${name.slice('BPF_FUNC_'.length)}`;
  return names;
}

/** Every `struct bpf_func_proto` of the source by name. */
export function readProtos(source: Source, types: KernelTypes): ReadonlyMap<string, ProtoRow> {
  const protos = new Map<string, ProtoRow>();
  for (const text of source.files.values()) {
    for (const match of text.matchAll(/const struct bpf_func_proto (\w+)\s*=\s*\{([\s\S]*?)\n\};/g)) {
      protos.set(match[1], readProto(match[1], match[2], source, types));
    }
  }
  return protos;
}

function readProto(proto: string, body: string, source: Source, types: KernelTypes): ProtoRow {
  const fields = new Map(
    [...body.matchAll(/\.(\w+)\s*=\s*([\s\S]*?)(?:,\s*(?=\.|$)|\s*$)/g)].map((field) => [
      field[1],
      field[2].trim(),
    ]),
  );
  const flags = (text: string | undefined): number =>
    (text ?? '0')
      .replace(/[()]/g, ' ')
      .split('|')
      .map((part) => {
        const name = part.trim();
        const value = /^\d+$/.test(name) ? Number(name) : types.constant(name);
        if (value === null) throw new Error(`${proto}: unknown type ${name}`);
        return value;
      })
      .reduce((all, value) => all | value, 0);
  const numbers = [1, 2, 3, 4, 5];
  return {
    proto,
    ret: pack(flags(fields.get('ret_type'))),
    args: numbers.map((i) => pack(flags(fields.get(`arg${i}_type`)))),
    argSizes: numbers.map((i) => {
      const size = fields.get(`arg${i}_size`);
      return size ? types.sizeOf(/sizeof\((.*)\)/.exec(size)![1]) : 0;
    }),
    argBtf: numbers.map((i) => btfName(fields.get(`arg${i}_btf_id`), source)),
    retBtf: btfName(fields.get('ret_btf_id'), source),
    gplOnly: fields.get('gpl_only') === 'true',
    pktAccess: fields.get('pkt_access') === 'true',
    mightSleep: fields.get('might_sleep') === 'true',
    allowFastcall: fields.get('allow_fastcall') === 'true',
    allowed: fields.get('allowed') ?? null,
  };
}

/** The struct that an expression like `&btf_sock_ids[BTF_SOCK_TYPE_TCP]` stands for. */
function btfName(text: string | undefined, source: Source): string | null {
  if (text === undefined) return null;
  if (text === 'BPF_PTR_POISON') return '*';
  const header = source.files.get('include/linux/btf_ids.h') ?? '';
  const symbolic = /\[(BTF_\w+)\]/.exec(text);
  if (symbolic) return new RegExp(`\\(${symbolic[1]},\\s*(\\w+)\\)`).exec(header)?.[1] ?? fail(text);
  const listed = /&(\w+)(?:\[(\d+)\])?/.exec(text) ?? fail(text);
  if (listed[1] === 'tcp_sock_id') return 'tcp_sock';
  return source.idList(listed[1])[Number(listed[2] ?? 0)]?.[1] ?? fail(text);
}

function fail(text: string): never {
  throw new Error(`cannot resolve BTF id ${text}`);
}

/** Which proto each helper id yields for programs with these ops. */
export function helperTrees(
  env: Surroundings,
  ops: Ops,
  progType: number,
  structOps: string | null,
  names: readonly string[],
): Tree<string | null>[] {
  return names.map((_name, id) => {
    if (ops.funcProto === null) return null;
    return explore((facts) =>
      protoName(callFunction(env, facts, ops.funcProto!, [id, openProgram(progType, structOps)], ops.file)),
    );
  });
}

function protoName(value: Value): string | null {
  if (value === 0) return null;
  if (typeof value === 'object' && 'opaque' in value) return value.opaque;
  throw new Error(`not a proto: ${JSON.stringify(value)}`);
}

/** The `allowed` condition of a proto for programs of a type. */
export function allowedTree(env: Surroundings, name: string, progType: number): Tree<number> {
  return explore((facts: Facts) =>
    callFunction(env, facts, name, [openProgram(progType)], null) === 0 ? 0 : 1,
  );
}
