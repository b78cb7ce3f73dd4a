import { starts } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import type { TextEdit } from '../../protocol.ts';
import { editorOf } from '../edits.ts';
import { functionAt, type FunctionPlace } from '../places/functions.ts';
import type { PlaceCase } from '../places/place-case.ts';
import { frameSize } from '../places/stack.ts';
import type { Candidate } from './fix.ts';

/** Name of the map that takes what does not fit the stack. */
const SCRATCH = 'scratch';
/** Functions of the chain that it is tried for, those with the largest frames. */
const TRIED = 2;

/** An instruction with the frame pointer, how it reads with another base, and how far down the frame it reaches. */
interface Rebased {
  readonly insn: number;
  readonly offset: number;
  readonly text: (base: string, size: number) => string;
}

/** All instructions of a function that use its frame; null if one does it in a way that cannot be rewritten. */
function frameUses(c: PlaceCase, { start, end }: FunctionPlace): Rebased[] | null {
  const { insns } = c.program;
  const editor = editorOf(c);
  const uses: Rebased[] = [];
  const copies = new Set<number>();
  for (const insn of starts(insns)) {
    if (insn < start || insn >= end) continue;
    const code = insns.code[insn];
    const cls = op.classOf(code);
    const [dst, src, off] = [insns.dst[insn], insns.src[insn], insns.off[insn]];
    const text = editor.textOf(insn);
    if (
      (cls === op.BPF_LDX && src === op.BPF_REG_FP) ||
      ((cls === op.BPF_ST || cls === op.BPF_STX) && dst === op.BPF_REG_FP)
    )
      uses.push({
        insn,
        offset: off,
        text: (base, size) => text.replace(/r10\s*-\s*\d+/, `${base} + ${size + off}`),
      });
    else if (code === (op.BPF_ALU64 | op.BPF_MOV | op.BPF_X) && src === op.BPF_REG_FP) {
      copies.add(dst);
      uses.push({ insn, offset: 0, text: (base) => text.replace('r10', base) });
    } else if (code === (op.BPF_ALU64 | op.BPF_ADD | op.BPF_K) && copies.delete(dst)) {
      const imm = insns.imm[insn];
      uses.push({ insn, offset: imm, text: (_, size) => text.replace(/-\s*\d+$/, String(size + imm)) });
    } else if (
      src === op.BPF_REG_FP &&
      cls !== op.BPF_LD &&
      cls !== op.BPF_JMP &&
      cls !== op.BPF_JMP32 &&
      code !== 0
    )
      return null;
  }
  return copies.size === 0 ? uses : null;
}

/** Keeps the frames of functions of the chain in a per-CPU array, the largest first. */
export function* frameInMap(c: PlaceCase): Iterable<Candidate> {
  const facts = c.env?.facts;
  if (facts === undefined || new RegExp(`\\b${SCRATCH}\\b`).test(c.source)) return;
  const chain = facts.refusedCalls.map(({ subprog }) => facts.subprogs[subprog]);
  const largest = [...new Set(chain)].sort((a, b) => frameSize(b) - frameSize(a));
  for (const sub of largest.slice(0, TRIED)) {
    const f = functionAt(c.functions, sub.start);
    const uses = frameUses(c, f);
    const saved = [9, 8, 7, 6].find((regno) => !isUsed(c, f, regno));
    if (uses === null || uses.length === 0 || saved === undefined) continue;
    yield inMap(c, f, uses, saved, facts.liveRegs[f.start]);
  }
}

/** The change for one function: its arguments are kept while the map is looked up. */
function inMap(
  c: PlaceCase,
  f: FunctionPlace,
  uses: readonly Rebased[],
  saved: number,
  live: number,
): Candidate {
  const editor = editorOf(c);
  const size = Math.ceil(-Math.min(...uses.map(({ offset }) => offset)) / 8) * 8;
  const declared = c.text.outline.functions.find(({ start }) => start === f.start)?.prototype.type.params
    .length;
  const args = [1, 2, 3, 4, 5].filter((regno) => regno <= (declared ?? 5) && ((live >> regno) & 1) !== 0);
  const slot = (i: number): string => `*(u64 *)(r10 - ${16 + i * 8})`;
  const setup = [
    ...args.map((regno, i) => `${slot(i)} = r${regno}`),
    '*(u32 *)(r10 - 4) = 0',
    `r1 = ${SCRATCH} ll`,
    'r2 = r10',
    'r2 += -4',
    'call bpf_map_lookup_elem',
    'if r0 != 0 goto +2',
    'r0 = 0',
    'exit',
    `r${saved} = r0`,
    ...args.map((regno, i) => `r${regno} = ${slot(i)}`),
  ];
  const first = editor.before(f.start, setup);
  const edits = uses.map(({ insn, text }): TextEdit => editor.replace(insn, text(`r${saved}`, size)));
  const declaration = [
    '.c',
    `struct ${SCRATCH}_value { char bytes[${size}]; };`,
    `struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct ${SCRATCH}_value); } ${SCRATCH} SEC(".maps");`,
    '.endc',
  ];
  return {
    title: `Keep the ${size} bytes of ${f.name} in a per-CPU map instead of on the stack`,
    kind: `map for ${f.name}`,
    edits: [editor.directive(declaration.join('\n')), first, ...edits],
    note: 'The value of a map may be as large as needed, and other CPUs have their own. It keeps what the last run wrote.',
  };
}

function isUsed({ program: { insns } }: PlaceCase, { start, end }: FunctionPlace, regno: number): boolean {
  for (let insn = start; insn < end; insn++)
    if (insns.dst[insn] === regno || insns.src[insn] === regno) return true;
  return false;
}
