import * as op from '../isa/opcodes.ts';
import type { Bundle } from './bundle.ts';
import { assembleListing, listing, removeLine, type Line, type Listing } from './listing.ts';
import { mutateSettings } from './mutate-settings.ts';
import type { Random } from './random.ts';

const TAIL_CALL = 12;

/** Immediates near which rules change. */
const EDGES: readonly number[] = [
  0,
  1,
  -1,
  2,
  -2,
  3,
  4,
  7,
  8,
  -8,
  15,
  16,
  -16,
  31,
  32,
  33,
  63,
  64,
  65,
  127,
  128,
  255,
  256,
  511,
  512,
  -512,
  4095,
  4096,
  0x7fff,
  -0x8000,
  0xffff,
  0x7fffffff,
  -0x80000000,
  0x7ffffffe,
  0x10000,
  1 << 29,
  -(1 << 29),
];

const isJump = (line: Line): boolean =>
  op.classOf(line.code) === op.BPF_JMP || op.classOf(line.code) === op.BPF_JMP32;
const isAlu = (line: Line): boolean =>
  op.classOf(line.code) === op.BPF_ALU || op.classOf(line.code) === op.BPF_ALU64;
const isMemory = (line: Line): boolean => op.classOf(line.code) <= op.BPF_STX && line.code !== op.OP_LD_IMM64;
const isConditional = (line: Line): boolean =>
  isJump(line) && ![op.BPF_JA, op.BPF_CALL, op.BPF_EXIT, op.BPF_JCOND].includes(op.opOf(line.code));

const isTailCall = (line: Line): boolean =>
  line.code === op.OP_CALL && line.src === 0 && line.imm === TAIL_CALL;

/** A change of a listing; false if it does not apply to what it was given. */
type Change = (list: Listing, at: number, r: Random) => boolean;

const newImmediate: Change = ({ lines }, at, r) => {
  const line = lines[at];
  if (
    line.target !== null &&
    (line.code === op.OP_CALL || line.code === op.OP_GOTOL || line.code === op.OP_LD_IMM64)
  )
    return false;
  if (line.ref !== null && line.code !== op.OP_LD_IMM64) return false;
  if (line.ref !== null) line.high = r.chance(0.5) ? line.high + r.between(-8, 8) : r.pick(EDGES);
  else if (line.code === op.OP_CALL) line.imm = r.between(1, 215);
  else line.imm = r.chance(0.5) ? (line.imm + r.between(-8, 8)) | 0 : r.pick(EDGES);
  return true;
};

const newOffset: Change = ({ lines }, at, r) => {
  const line = lines[at];
  if (!isMemory(line)) return false;
  const off = r.weighted([
    [3, line.off + r.between(-4, 4)],
    [3, line.off + r.pick([-8, 8, -16, 16])],
    [1, r.pick(EDGES)],
  ]);
  line.off = Math.max(-0x8000, Math.min(0x7fff, off));
  return true;
};

const newRegister: Change = ({ lines }, at, r) => {
  const line = lines[at];
  if (line.code === op.OP_CALL || line.code === op.OP_EXIT || line.code === op.OP_JA) return false;
  if (r.chance(0.5) || line.code === op.OP_LD_IMM64) line.dst = r.below(11);
  else line.src = r.below(11);
  return true;
};

const newWidth: Change = ({ lines }, at, r) => {
  const line = lines[at];
  if (isMemory(line)) line.code = (line.code & ~0x18) | (r.below(4) << 3);
  else if (isAlu(line)) line.code ^= op.BPF_ALU ^ op.BPF_ALU64;
  else if (isConditional(line)) line.code ^= op.BPF_JMP ^ op.BPF_JMP32;
  else return false;
  return true;
};

const OTHER_JUMPS = [
  op.BPF_JEQ,
  op.BPF_JGT,
  op.BPF_JGE,
  op.BPF_JSET,
  op.BPF_JNE,
  op.BPF_JSGT,
  op.BPF_JSGE,
  op.BPF_JLT,
  op.BPF_JLE,
  op.BPF_JSLT,
  op.BPF_JSLE,
];
const OTHER_ALUS = [
  op.BPF_ADD,
  op.BPF_SUB,
  op.BPF_MUL,
  op.BPF_DIV,
  op.BPF_OR,
  op.BPF_AND,
  op.BPF_LSH,
  op.BPF_RSH,
  op.BPF_MOD,
  op.BPF_XOR,
  op.BPF_MOV,
  op.BPF_ARSH,
];
const ATOMICS = [
  op.BPF_ADD,
  op.BPF_OR,
  op.BPF_AND,
  op.BPF_XOR,
  op.BPF_ADD | 1,
  op.BPF_AND | 1,
  op.BPF_XCHG,
  op.BPF_CMPXCHG,
  op.BPF_LOAD_ACQ,
  op.BPF_STORE_REL,
];

const newOperation: Change = ({ lines }, at, r) => {
  const line = lines[at];
  if (isConditional(line)) line.code = (line.code & 0x0f) | r.pick(OTHER_JUMPS);
  else if (isAlu(line)) line.code = (line.code & 0x0f) | r.pick(OTHER_ALUS);
  else if (op.classOf(line.code) === op.BPF_STX && op.modeOf(line.code) === op.BPF_ATOMIC)
    line.imm = r.pick(ATOMICS);
  else if (op.classOf(line.code) === op.BPF_LDX) line.code ^= op.BPF_MEM ^ op.BPF_MEMSX;
  else if (op.classOf(line.code) === op.BPF_ST) line.code ^= op.BPF_ST ^ op.BPF_STX;
  else return false;
  return true;
};

const signed: Change = ({ lines }, at, r) => {
  const line = lines[at];
  if (!isAlu(line)) return false;
  const operation = op.opOf(line.code);
  if (operation === op.BPF_DIV || operation === op.BPF_MOD) line.off ^= 1;
  else if (operation === op.BPF_MOV && (line.code & op.BPF_X) !== 0) line.off = r.pick([0, 8, 16, 32]);
  else line.code ^= op.BPF_X;
  return true;
};

const remove: Change = (list, at) => {
  if (list.lines.length <= 1) return false;
  removeLine(list, at);
  return true;
};

const duplicate: Change = ({ lines }, at, r) => {
  const copy = { ...lines[at], func: null, source: null };
  lines.splice(r.chance(0.5) ? at : r.below(lines.length), 0, copy);
  return true;
};

const swap: Change = ({ lines }, at) => {
  if (at + 1 >= lines.length) return false;
  const [a, b] = [lines[at], lines[at + 1]];
  [a.func, b.func] = [b.func, a.func];
  [lines[at], lines[at + 1]] = [b, a];
  return true;
};

const retarget: Change = ({ lines }, at, r) => {
  const line = lines[at];
  if (line.target === null || line.code === op.OP_LD_IMM64 || line.code === op.OP_CALL) return false;
  const near = Math.max(0, Math.min(lines.length - 1, at + r.between(-6, 8)));
  line.target = lines[r.chance(0.7) ? near : r.below(lines.length)];
  return true;
};

const insertMove: Change = ({ lines }, at, r) => {
  const extra: Line = {
    code: op.BPF_ALU64 | op.BPF_MOV,
    dst: r.below(10),
    src: 0,
    off: 0,
    imm: r.pick(EDGES),
    high: 0,
    target: null,
    ref: null,
    func: null,
    source: null,
  };
  const kind = r.below(6);
  if (kind === 1) Object.assign(extra, { code: op.OP_MOV64_X, src: r.below(11), imm: 0 });
  else if (kind === 2)
    Object.assign(extra, { code: (r.chance(0.7) ? op.BPF_ALU64 : op.BPF_ALU) | r.pick(OTHER_ALUS) });
  else if (kind === 3)
    Object.assign(extra, {
      code: (r.chance(0.7) ? op.BPF_ALU64 : op.BPF_ALU) | r.pick(OTHER_ALUS) | op.BPF_X,
      src: r.below(11),
      imm: 0,
    });
  else if (kind === 4)
    Object.assign(extra, {
      code: op.BPF_STX | op.BPF_MEM | (r.below(4) << 3),
      dst: 10,
      src: r.below(11),
      off: -r.between(1, 8) * 8,
      imm: 0,
    });
  else if (kind === 5)
    Object.assign(extra, {
      code: op.BPF_LDX | op.BPF_MEM | (r.below(4) << 3),
      src: 10,
      off: -r.between(1, 8) * 8 + (r.chance(0.2) ? 4 : 0),
      imm: 0,
    });
  lines.splice(at, 0, extra);
  const [next] = lines.slice(at + 1);
  for (const line of lines)
    if (line.target === next && line.code !== op.OP_CALL && line.code !== op.OP_LD_IMM64 && r.chance(0.7))
      line.target = extra;
  extra.func = next.func;
  next.func = null;
  for (const line of lines) if (line.target === next && extra.func !== null) line.target = extra;
  return true;
};

const CHANGES: readonly (readonly [number, Change])[] = [
  [4, newImmediate],
  [4, newOffset],
  [5, newRegister],
  [3, newWidth],
  [3, newOperation],
  [2, signed],
  [4, remove],
  [2, duplicate],
  [3, swap],
  [2, retarget],
  [4, insertMove],
];

/** A program with one to four small changes. */
export function mutate(bundle: Bundle, id: string, r: Random): Bundle {
  const list = listing(bundle);
  const count = r.weighted([
    [5, 1],
    [3, 2],
    [1, 3],
    [1, 4],
  ]);
  for (let done = 0, tries = 0; done < count && tries < 30; tries++) {
    if (r.weighted(CHANGES)(list, r.below(list.lines.length), r)) done++;
  }
  const mutant = assembleListing(list, id);
  const settings: Record<string, unknown> = {};
  // tail calls tell who made their maps: not the one who asks, if that one has no privileges
  if (r.chance(0.08) && mutant['attach'] === undefined && !list.lines.some(isTailCall))
    settings['privileged'] = mutant['privileged'] === false;
  return mutateSettings({ ...mutant, ...settings }, r);
}
