import type { AsmResult } from '../../asm/assemble.ts';
import type { CUnit } from '../../btf/c/unit.ts';
import { BPF_MAP_TYPE_INSN_ARRAY } from '../../kernel/map-types.ts';
import { readPlace, slotOf, type Place } from './place.ts';
import { problemAt } from './problem.ts';
import type { Problem, SourceSpan } from './problem.ts';
import { directiveWords, type TextDirective } from './split.ts';

/** A jump table as written: `.jumptable NAME entry, entry`. Several directives of one name make one table. */
export interface JumpTable {
  readonly name: string;
  /** The name in its first directive. */
  readonly span: SourceSpan;
  readonly entries: readonly Place[];
}

const NAME = /^[A-Za-z_.$][\w.$]*$/;
const EXAMPLE = '.jumptable table first, second, first';

/** Reads the `.jumptable` directives; what their labels are is known after assembly. */
export function readJumpTables(
  directives: readonly TextDirective[],
  unit: CUnit,
  problems: Problem[],
): JumpTable[] {
  const tables = new Map<string, { name: string; span: SourceSpan; entries: Place[] }>();
  for (const d of directives) {
    if (d.name !== 'jumptable') continue;
    const [name, ...entries] = directiveWords(d);
    if (name === undefined || !NAME.test(name.text) || entries.length === 0) {
      problems.push(
        problemAt(
          name?.span ?? d.span,
          'error',
          'text-jumptable',
          `.jumptable takes a name and the labels that a gotox may go to: ${EXAMPLE}.`,
        ),
      );
      continue;
    }
    let table = tables.get(name.text);
    if (table === undefined) {
      tables.set(name.text, (table = { name: name.text, span: name.span, entries: [] }));
      checkName(table, unit, problems);
    }
    for (const { text, span } of entries) {
      const entry = readPlace(text, span);
      if (entry === null)
        problems.push(
          problemAt(
            span,
            'error',
            'text-jumptable',
            `«${text}» is no entry of a jump table: a label, label+1 or the number of an instruction is`,
          ),
        );
      else table.entries.push(entry);
    }
  }
  return [...tables.values()];
}

/** A table may fill an instruction array that the C part declares; any other thing of its name would be hidden. */
function checkName({ name, span }: JumpTable, unit: CUnit, problems: Problem[]): void {
  const map = unit.maps.find((m) => m.name === name);
  const variable = unit.sections.some((s) => s.variables.some((v) => v.name === name));
  if (map !== undefined && map.type !== BPF_MAP_TYPE_INSN_ARRAY) {
    problems.push(
      problemAt(
        span,
        'error',
        'text-jumptable',
        `${name} is a map already, and not of type BPF_MAP_TYPE_INSN_ARRAY.`,
      ),
    );
  } else if (variable || unit.ksyms.some((k) => k.name === name)) {
    problems.push(problemAt(span, 'error', 'text-jumptable', `${name} is declared in the C part already.`));
  }
}

/** The instructions that each table's entries are, by its name. */
export function resolveJumpTables(
  tables: readonly JumpTable[],
  asm: AsmResult,
  unit: CUnit,
  problems: Problem[],
): Map<string, readonly number[]> {
  const resolved = new Map<string, readonly number[]>();
  for (const { name, span, entries } of tables) {
    const label = asm.labelSpans.get(name);
    if (label !== undefined)
      problems.push(
        problemAt(span, 'error', 'text-jumptable', `${name} is a label already, in line ${label.line}.`),
      );
    const room = unit.maps.find((m) => m.name === name)?.maxEntries ?? 0;
    if (room !== 0 && entries.length > room) {
      problems.push(
        problemAt(
          entries[room].span,
          'error',
          'text-jumptable',
          `${name} has ${room} entries: this is one more.`,
        ),
      );
    }
    resolved.set(
      name,
      entries.map((entry) => slotOf(entry, asm, 'text-jumptable', problems)),
    );
  }
  return resolved;
}
