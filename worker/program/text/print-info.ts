import { BTF_KIND_FUNC, type Btf } from '../../btf/btf.ts';
import { callbackTarget, callTarget, slotsOf } from '../../isa/flow.ts';
import type { Program } from '../program.ts';

const EXCEPTION = 'exception_callback:';

/** Sentences on what a text cannot say of a program's tables of functions and lines: it writes them itself, and in order. */
export function infoNotes(program: Program): string[] {
  const { btf, funcInfo, lineInfo } = program;
  if (funcInfo.length === 0 && lineInfo.length === 0) return [];
  if (btf === null) return ['The program has tables of functions or lines without types, which no text has.'];
  const notes: string[] = [];
  if (funcInfo.length !== 0 && !isAsWritten(program, btf))
    notes.push('The table of functions is not that of the program’s functions, which a text writes.');
  if (!isInOrder(program, btf))
    notes.push('The table of lines is not in order or not of this program; a text writes another.');
  return notes;
}

/** A row for the start of each function, in order. */
function isAsWritten({ insns, funcInfo }: Program, btf: Btf): boolean {
  const starts = new Set([0]);
  for (let i = 0; i < insns.length; i += slotsOf(insns, i)) {
    const target = callTarget(insns, i) ?? callbackTarget(insns, i);
    if (target !== null) starts.add(target);
  }
  let before = -1;
  for (const [slot, type] of funcInfo) {
    if (slot <= before || type <= 0 || type >= btf.nextId || btf.type(type).kind !== BTF_KIND_FUNC)
      return false;
    if (!starts.delete(slot) && !catches(btf, funcInfo[0][1], btf.type(type).name)) return false;
    before = slot;
  }
  return starts.size === 0;
}

/** Does the main function name another as the one that catches exceptions? */
function catches(btf: Btf, main: number, name: string): boolean {
  return btf.declTags(main).some(([tag]) => tag === EXCEPTION + name);
}

function isInOrder({ insns, lineInfo, funcInfo }: Program, btf: Btf): boolean {
  let before = -1;
  const rows = new Set<number>();
  for (const [slot, file, text] of lineInfo) {
    if (slot <= before || slot >= insns.length || insns.code[slot] === 0) return false;
    if (file >= btf.stringEnd || text >= btf.stringEnd) return false;
    rows.add(slot);
    before = slot;
  }
  return lineInfo.length === 0 || funcInfo.every(([slot]) => rows.has(slot));
}
