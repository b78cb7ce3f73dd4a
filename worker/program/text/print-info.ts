import { BTF_KIND_FUNC, type Btf } from '../../btf/btf.ts';
import { callbackTarget, callTarget, slotsOf } from '../../isa/flow.ts';
import type { Program } from '../program.ts';

const EXCEPTION = 'exception_callback:';

/** Directives for tables of functions and lines that are not those which a text has by itself; sentences on what those do not say. */
export interface PrintedInfo {
  readonly directives: readonly string[];
  readonly notes: readonly string[];
}

/** Writes a program's tables of functions and lines as far as they are not a text's own. `named`: functions by their first slot, as the text names them. */
export function printInfo(
  program: Program,
  named: ReadonlyMap<number, { readonly name: string; readonly type: number }>,
): PrintedInfo {
  const { btf, funcInfo, lineInfo } = program;
  if (funcInfo.length === 0 && lineInfo.length === 0) return { directives: [], notes: [] };
  if (btf === null)
    return { directives: [], notes: ['The program has tables of functions or lines without types.'] };
  const directives: string[] = [];
  const notes: string[] = [];
  const starts = functionStarts(program);
  if (funcInfo.length !== 0 && !isAsWritten(program, btf, starts)) {
    const names = new Map([...starts].flatMap((slot) => named.get(slot) ?? []).map((f) => [f.type, f.name]));
    if (funcInfo.every(([, type]) => names.has(type) && btf.type(type).kind === BTF_KIND_FUNC))
      directives.push(
        `.func_info ${funcInfo.map(([slot, type]) => `${slot}:${names.get(type)!}`).join(', ')}`,
      );
    else
      notes.push('The table of functions names others than the program’s functions; the text has another.');
  }
  if (!isInOrder(program, btf)) {
    const row = ([slot, , text]: Program['lineInfo'][number]): string =>
      text < btf.stringEnd ? String(slot) : `${slot}:${text}`;
    directives.push(`.line_info ${lineInfo.map(row).join(', ')}`);
  }
  return { directives, notes };
}

/** Slots at which functions begin because something calls them or takes their address, and the first. */
function functionStarts({ insns }: Program): Set<number> {
  const starts = new Set([0]);
  for (let i = 0; i < insns.length; i += slotsOf(insns, i)) {
    const target = callTarget(insns, i) ?? callbackTarget(insns, i);
    if (target !== null) starts.add(target);
  }
  return starts;
}

/** A row for the start of each function, in order. */
function isAsWritten({ funcInfo }: Program, btf: Btf, starts: ReadonlySet<number>): boolean {
  let before = -1;
  let found = 0;
  for (const [slot, type] of funcInfo) {
    if (slot <= before || type <= 0 || type >= btf.nextId || btf.type(type).kind !== BTF_KIND_FUNC)
      return false;
    if (starts.has(slot)) found++;
    else if (!catches(btf, funcInfo[0][1], btf.type(type).name)) return false;
    before = slot;
  }
  return found === starts.size;
}

/** Does the main function name another as the one that catches exceptions? */
function catches(btf: Btf, main: number, name: string): boolean {
  return btf.declTags(main).some(([tag]) => tag === EXCEPTION + name);
}

/** In order, of instructions and texts that there are, one for the start of each function. */
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
