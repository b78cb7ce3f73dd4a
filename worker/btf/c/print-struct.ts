import { BTF_KIND_ARRAY, BTF_KIND_PTR, BTF_KIND_STRUCT, BTF_KIND_UNION } from '../btf.ts';
import type { Btf, BtfType } from '../btf.ts';
import { skipModifiers } from '../walk.ts';
import { PREDEFINED_STRUCTS } from './builtin.ts';
import { layOut } from './types.ts';
import type { CStruct, RawMember } from './types.ts';

/** What the body of a struct is written with. */
export interface TypePrinter {
  readonly btf: Btf;
  /** C declaration of `name` with a type; definitions that it needs are noted. */
  declare(id: number, name: string): string;
  /** Notes that a named type must be defined. */
  define(id: number): void;
}

/** A declaration tag as an attribute; what it names is defined. */
export function declTag(printer: TypePrinter, tag: string): string {
  const contains = /^contains:(\w+):(\w+)$/.exec(tag);
  if (contains !== null) {
    const struct = printer.btf.find(contains[1], BTF_KIND_STRUCT);
    if (struct !== 0) printer.define(struct);
    return `__contains(${contains[1]}, ${contains[2]})`;
  }
  const arg = /^arg:(ctx|nonnull|nullable|trusted|untrusted|arena)$/.exec(tag);
  return arg === null ? `__attribute__((btf_decl_tag("${tag}")))` : `__arg_${arg[1]}`;
}

const AT = { line: 0, col: 0, endLine: 0, endCol: 0 };

/** Alignments that the text's reader will give to structs, by id. */
const ALIGNMENTS = new WeakMap<Btf, Map<number, number>>();

function alignments(btf: Btf): Map<number, number> {
  let known = ALIGNMENTS.get(btf);
  if (known === undefined) ALIGNMENTS.set(btf, (known = new Map()));
  return known;
}

/** `{ members }`, with attributes and padding where the layout is not the natural one. */
export function structBody(printer: TypePrinter, t: BtfType): string {
  const { btf } = printer;
  const way = layoutOf(btf, t);
  const tags = btf.declTags(t.id);
  const lines: string[] = [];
  let end = 0;
  t.members.forEach((m, i) => {
    if (way.pad && t.kind === BTF_KIND_STRUCT) lines.push(...padding(end, m.bitOffset, i));
    const own = tags.filter(([, at]) => at === i).map(([tag]) => ` ${declTag(printer, tag)}`);
    const bits = m.bitSize === 0 ? '' : ` : ${m.bitSize}`;
    lines.push(`\t${printer.declare(m.type, m.name).replaceAll('\n', '\n\t')}${bits}${own.join('')};`);
    end = m.bitOffset + (m.bitSize === 0 ? sizeOf(btf, m.type) * 8 : m.bitSize);
  });
  if (way.pad)
    lines.push(
      ...padding(
        t.kind === BTF_KIND_STRUCT ? end : 0,
        t.size * 8,
        t.members.length,
        t.kind === BTF_KIND_UNION,
      ),
    );
  const whole = tags.filter(([, at]) => at === -1).map(([tag]) => ` ${declTag(printer, tag)}`);
  const packed = way.packed ? ' __attribute__((packed))' : '';
  const aligned = way.align > 1 ? ` __attribute__((aligned(${way.align})))` : '';
  return `{${lines.length === 0 ? ' ' : `\n${lines.join('\n')}\n`}}${packed}${aligned}${whole.join('')}`;
}

/** Unnamed members that BTF does not know cannot fill whole bytes, so padding has names. */
function padding(from: number, to: number, i: number, whole = false): string[] {
  if (to <= from || (whole && to === 0)) return [];
  if (from % 8 !== 0 || to % 8 !== 0) return [`\tunsigned long long : ${Math.min(to - from, 63)};`];
  return [`\tchar __pad${i}[${(to - from) / 8}];`];
}

interface Way {
  readonly packed: boolean;
  readonly align: number;
  readonly pad: boolean;
}

/** How a struct must be declared to be laid out as it is. */
function layoutOf(btf: Btf, t: BtfType): Way {
  const raw = t.members.map((m): RawMember => ({
    name: m.name,
    type: stub(sizeOf(btf, m.type), alignOf(btf, m.type)),
    bits: m.bitSize === 0 ? null : m.bitSize,
    declTags: [],
    align: 0,
  }));
  for (const packed of [false, true]) {
    for (const align of [0, 2, 4, 8, 16, 32, 64]) {
      const laid = layOut(raw, t.kind === BTF_KIND_UNION, packed, align);
      if (laid.size !== t.size || laid.members.some((m, i) => m.bitOffset !== t.members[i].bitOffset))
        continue;
      alignments(btf).set(t.id, laid.align);
      return { packed, align, pad: false };
    }
  }
  alignments(btf).set(t.id, 1);
  return { packed: true, align: 0, pad: true };
}

function stub(size: number, align: number): CStruct {
  return {
    kind: 'struct',
    union: false,
    name: '',
    members: [],
    size,
    align,
    declTags: [],
    declaredForward: false,
    span: AT,
  };
}

/** Size of a type in bytes, 0 if it has none. */
export function sizeOf(btf: Btf, id: number): number {
  const t = skipModifiers(btf, id);
  if (t.kind === BTF_KIND_PTR) return 8;
  if (t.kind === BTF_KIND_ARRAY) return t.array!.count * sizeOf(btf, t.array!.elem);
  return t.size;
}

/** Alignment of a type in bytes as the text's reader will see it. */
export function alignOf(btf: Btf, id: number): number {
  const t = skipModifiers(btf, id);
  if (t.kind === BTF_KIND_PTR) return 8;
  if (t.kind === BTF_KIND_ARRAY) return alignOf(btf, t.array!.elem);
  if (t.kind !== BTF_KIND_STRUCT && t.kind !== BTF_KIND_UNION) return Math.max(1, Math.min(t.size, 16));
  if (PREDEFINED_STRUCTS.has(t.name) && t.kind === BTF_KIND_STRUCT) return t.size % 8 === 0 ? 8 : 4;
  const known = alignments(btf).get(t.id);
  if (known !== undefined) return known;
  layoutOf(btf, t);
  return alignments(btf).get(t.id)!;
}
