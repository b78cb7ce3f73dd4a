import { BTF_KIND_FWD, BTF_KIND_PTR, BTF_KIND_STRUCT, BTF_KIND_UNION } from '../btf/btf.ts';
import { skipModifiers } from '../btf/walk.ts';
import { createKernelModel, isSemantics, type KernelModel, type Semantics } from '../kernel/model.ts';
import { BPF_PROG_TYPE_EXT, BPF_PROG_TYPE_LSM, BPF_PROG_TYPE_STRUCT_OPS, BPF_PROG_TYPE_TRACING } from '../kernel/uapi.ts';
import type { Program } from '../program/program.ts';
import { TYPES_NEEDED } from '../program/text/attach.ts';
import { parseProgramText, type TextResult } from '../program/text/parse.ts';
import { splitText } from '../program/text/split.ts';
import type { VerifyRequest } from '../protocol.ts';
import { buildFor, type KernelSource } from './kernel-source.ts';

/** A request as the core takes it. */
export interface Reading {
  readonly text: TextResult;
  /** With the request's what-ifs applied; null if the text is not a program. */
  readonly program: Program | null;
  readonly model: KernelModel;
  /** Switches in force, and those that the text names. */
  readonly semantics: readonly string[];
  readonly textSemantics: readonly string[];
  /** The text's own flags of invented kfuncs and overridden ones, by name. */
  readonly textFlags: ReadonlyMap<string, number>;
}

/** Switches that a text names, in order, unknown ones left out. */
export function semanticsOf(source: string): string[] {
  const words = splitText(source).directives.filter((d) => d.name === 'semantics').flatMap((d) => d.text.split(/[\s,|]+/));
  return [...new Set(words.filter(isSemantics))];
}

/** Does an invented kfunc take or return pointers to structs, which may be the kernel's? */
function speaksOfStructs(program: Program, typeId: number): boolean {
  const btf = program.btf!;
  const proto = btf.type(btf.type(typeId).type);
  return [proto.type, ...proto.params.map((p) => p.type)].some((id) => {
    const t = skipModifiers(btf, id);
    return t.kind === BTF_KIND_PTR && STRUCT_KINDS.has(skipModifiers(btf, t.type).kind);
  });
}

const STRUCT_KINDS: ReadonlySet<number> = new Set([BTF_KIND_STRUCT, BTF_KIND_UNION, BTF_KIND_FWD]);

/** Types that cannot be done without: what the program attaches to, kfuncs, kernel variables. */
function needsTypes(program: Program): boolean {
  const { attach, progType } = program;
  if (attach !== null && attach.kind !== 'prog') return true;
  if (progType === BPF_PROG_TYPE_TRACING || progType === BPF_PROG_TYPE_LSM || progType === BPF_PROG_TYPE_STRUCT_OPS || progType === BPF_PROG_TYPE_EXT) return true;
  const invented = new Set(program.invented.filter((kfunc) => !speaksOfStructs(program, kfunc.typeId)).map((kfunc) => kfunc.name));
  for (const ref of program.refs.values()) {
    if (ref.kind === 'ksym' || (ref.kind === 'kfunc' && !invented.has(ref.name))) return true;
  }
  return false;
}

/** Reads a request; `withTypes` fetches the kernel's types though nothing in the text asks for them. Rejects if they cannot be fetched. */
export async function read(request: VerifyRequest, kernel: KernelSource, withTypes = false): Promise<Reading> {
  const textSemantics = semanticsOf(request.source);
  const semantics = (request.semantics ?? textSemantics).filter(isSemantics);
  const build = buildFor(semantics);
  let types = withTypes ? await kernel.load(build) : kernel.peek(build);
  const options = (): { types: typeof types; semantics: readonly Semantics[] } => ({ types, semantics });
  let text = parseProgramText(request.source, { kernel: createKernelModel(options()) });
  const wanted = text.program === null ? text.problems.some(({ id }) => id === TYPES_NEEDED) : needsTypes(text.program);
  if (types === null && wanted) {
    types = await kernel.load(build);
    text = parseProgramText(request.source, { kernel: createKernelModel(options()) });
  }
  const program = text.program === null ? null : whatIf(text.program, semantics, request.kfuncFlags);
  const model = createKernelModel({ ...options(), invented: program?.invented ?? [], kfuncFlags: program?.kfuncFlags ?? new Map<string, number>() });
  const textFlags = new Map(text.program?.kfuncFlags ?? []);
  for (const { name, flags } of text.program?.invented ?? []) textFlags.set(name, flags);
  return { text, program, model, semantics, textSemantics, textFlags };
}

function whatIf(program: Program, semantics: readonly string[], flags: Readonly<Record<string, number>>): Program {
  const invented = program.invented.map((kfunc) => ({ ...kfunc, flags: flags[kfunc.name] ?? kfunc.flags }));
  const own = new Set(invented.map((kfunc) => kfunc.name));
  const kfuncFlags = new Map(program.kfuncFlags);
  for (const [name, value] of Object.entries(flags)) if (!own.has(name)) kfuncFlags.set(name, value);
  return { ...program, semantics, invented, kfuncFlags };
}
