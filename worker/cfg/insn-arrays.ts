import { callbackTarget, callTarget, starts, successors } from '../isa/flow.ts';
import type { Insns } from '../isa/insns.ts';
import * as op from '../isa/opcodes.ts';
import { BPF_MAP_TYPE_INSN_ARRAY } from '../kernel/uapi.ts';
import { insnArrayData } from '../program/insn-array.ts';
import type { Program } from '../program/program.ts';

/**
 * Contents of instruction arrays that come without: recordings and pasted programs do not carry them. A jump table
 * is the only way into the blocks of its function that nothing else leads to; when these are as many as the table
 * has entries, they are the entries, in program order as compilers emit them, and when there is just one, every entry
 * is it. Otherwise the contents stay unknown. By map index.
 */
export function inferInsnArrays(program: Program, insns: Insns): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const unknown = program.maps.flatMap((m, i) => (m.type === BPF_MAP_TYPE_INSN_ARRAY && m.data === null ? [i] : []));
  if (unknown.length === 0) return found;
  const functions = functionStarts(insns);
  const users = new Map<number, number[]>();
  for (const [i, ref] of program.refs) {
    if (ref.kind !== 'map' || !unknown.includes(ref.map)) continue;
    const start = functions.findLast((at) => at <= i)!;
    const maps = users.get(start) ?? [];
    if (!maps.includes(ref.map)) maps.push(ref.map);
    users.set(start, maps);
  }
  for (const [start, maps] of users) {
    if (maps.length !== 1) continue;
    const count = program.maps[maps[0]].maxEntries;
    const end = functions.find((at) => at > start) ?? insns.length;
    const blocks = unreachedBlocks(insns, start, end);
    const entries = blocks.length === count ? blocks : blocks.length === 1 ? new Array<number>(count).fill(blocks[0]) : null;
    if (entries !== null) found.set(maps[0], insnArrayData(entries));
  }
  return found;
}

function functionStarts(insns: Insns): number[] {
  const at = new Set([0]);
  for (const i of starts(insns)) {
    const target = callTarget(insns, i) ?? callbackTarget(insns, i);
    if (target !== null && target > 0 && target < insns.length) at.add(target);
  }
  return [...at].sort((a, b) => a - b);
}

/** First instructions of the parts of a function that its entry does not lead to. */
function unreachedBlocks(insns: Insns, start: number, end: number): number[] {
  const seen = new Uint8Array(end - start);
  const visit = (from: number): void => {
    const stack = [from];
    while (stack.length > 0) {
      const i = stack.pop()!;
      if (i < start || i >= end || seen[i - start] !== 0) continue;
      seen[i - start] = 1;
      if (insns.code[i] === op.OP_LD_IMM64 && i + 1 < end) seen[i + 1 - start] = 1;
      stack.push(...successors(insns, i));
    }
  };
  visit(start);
  const blocks: number[] = [];
  for (let i = start; i < end; i++) {
    if (seen[i - start] !== 0) continue;
    blocks.push(i);
    visit(i);
  }
  return blocks;
}
