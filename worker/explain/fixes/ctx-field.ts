import { CTX_READ, CTX_WRITE, ctxIsTyped, ctxSize } from '../../kernel/ctx.ts';
import * as op from '../../isa/opcodes.ts';
import { progType, progTypes } from '../../kernel/prog-types.ts';
import { contextField } from '../context-field.ts';
import type { WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { wholeField } from './access.ts';
import type { Candidate } from './fix.ts';

/** Sizes of accesses, the most usual first. */
const SIZES: readonly number[] = [4, 8, 2, 1];
/** How many other fields are tried. */
const FIELDS = 4;

/** The refused access to the context, and which other ones the program may make. */
interface Access {
  readonly off: number;
  readonly bytes: number;
  /** `Read` or `Write`. */
  readonly verb: string;
  allowed(off: number, size: number): boolean;
  /** Is it a whole field that is accessed so, not a part of one? */
  isWhole(off: number, size: number): boolean;
  change(off: number, size: number, title: string): Candidate;
}

function accessOf(c: WalkedCase): Access | null {
  if (ctxIsTyped(c.program.progType)) return null;
  const { insns } = c.program;
  const code = insns.code[c.insn];
  const cls = code & 7;
  if ((cls !== op.BPF_LDX && cls !== op.BPF_STX && cls !== op.BPF_ST) || (code & 0xe0) !== op.BPF_MEM)
    return null;
  const mode = cls === op.BPF_LDX ? CTX_READ : CTX_WRITE;
  return {
    off: insns.off[c.insn],
    bytes: op.bytesOfSize(code),
    verb: mode === CTX_READ ? 'Read' : 'Write',
    allowed: (off, size) => c.model.ctxAccess(c.env.traits, off, size, mode) !== null,
    isWhole(off, size) {
      const access = c.model.ctxAccess(c.env.traits, off, size, mode);
      return access !== null && (access.fieldSize === 0 || access.fieldSize === size);
    },
    change(off, size, title) {
      const text = accessText(c, off, size);
      return { title: `${title}: ${text}`, edits: [editorOf(c).replace(c.insn, text)] };
    },
  };
}

/** Reads or writes the field of the context that is meant: as a whole, else a part of it. */
export function* wholeCtxField(c: WalkedCase): Iterable<Candidate> {
  // arguments of traced functions have their types' sizes
  if (ctxIsTyped(c.program.progType)) yield* wholeField(c);
  const access = accessOf(c);
  if (access === null) return;
  const { off, bytes, verb } = access;
  const meant = contextField(c, off);
  const name = meant?.name ?? `the field at offset ${off}`;
  const places = [off, meant?.off ?? off, ...SIZES.map((size) => Math.floor(off / size) * size)].filter(
    (at) => at >= (meant?.off ?? 0),
  );
  for (const at of new Set(places)) {
    const whole = SIZES.find((size) => access.isWhole(at, size));
    if (whole === undefined || (at === off && whole === bytes)) continue;
    yield { ...access.change(at, whole, `${verb} ${name} as a whole`), kind: 'whole field' };
  }
  for (const at of new Set(places))
    for (const size of SIZES)
      if ((at !== off || size !== bytes) && access.allowed(at, size))
        yield { ...access.change(at, size, `${verb} a part of ${name}`), kind: 'part of a field' };
}

/** Reads or writes another field of the context, the nearest that the program may. */
export function* otherCtxField(c: WalkedCase): Iterable<Candidate> {
  const access = accessOf(c);
  if (access === null) return;
  const { off, bytes, verb } = access;
  const places = Array.from({ length: ctxSize(c.program.progType) / bytes }, (_, i) => i * bytes)
    .filter((at) => access.allowed(at, bytes))
    .sort((a, b) => Math.abs(a - off) - Math.abs(b - off));
  for (const at of places.slice(0, FIELDS)) {
    const name = contextField(c, at)?.name ?? `the field at offset ${at}`;
    const title = `${verb} ${name}, which programs of this type may ${verb.toLowerCase()}`;
    const other = { ...access.change(at, bytes, title), kind: 'other field' };
    // a field that is there, for others, was meant: another one does not do what it would
    yield access.verb === 'Read' && isField(c, off, bytes) ? { ...other, lastResort: true } : other;
  }
}

/** Is it a field that some program with the same context may read? */
function isField(c: WalkedCase, off: number, bytes: number): boolean {
  const own = progType(c.program.progType)?.ctxType;
  const privileged = { ...c.env.traits, capBpf: true, capPerfmon: true, capSysAdmin: true };
  return progTypes().some(
    ({ type, ctxType }) =>
      ctxType === own &&
      !ctxIsTyped(type) &&
      c.model.ctxAccess({ ...privileged, progType: type }, off, bytes, CTX_READ) !== null,
  );
}

/** The refused load or store at another place of the context. */
function accessText(c: WalkedCase, off: number, size: number): string {
  const { insns } = c.program;
  const cls = insns.code[c.insn] & 7;
  const isLoad = cls === op.BPF_LDX;
  const base = isLoad ? insns.src[c.insn] : insns.dst[c.insn];
  const place = `*(u${size * 8} *)(r${base} + ${off})`;
  if (isLoad) return `r${insns.dst[c.insn]} = ${place}`;
  return `${place} = ${cls === op.BPF_STX ? `r${insns.src[c.insn]}` : insns.imm[c.insn]}`;
}
