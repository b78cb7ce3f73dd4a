import type { KfuncMatrix, KfuncReason, KfuncsHere } from '../../worker/protocol/kfuncs.ts';
import { HERE, type KfuncView } from './store.ts';

/** A column as the table shows it. */
export interface ShownColumn {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  /** Index in the matrix, -1 for the step. */
  readonly index: number;
  /** It is about the step that the page shows. */
  readonly lit: boolean;
}

/** The columns to show, the step's first. */
export function shownColumns(matrix: KfuncMatrix, here: KfuncsHere | null, types: boolean): ShownColumn[] {
  const lit = new Set(here?.lit ?? []);
  const columns = matrix.columns.flatMap(({ id, title, sentence, group }, index): ShownColumn[] =>
    group === 'type' && !types && !lit.has(id) ? [] : [{ id, title, sentence, index, lit: lit.has(id) }],
  );
  if (here === null) return columns;
  const step = {
    id: HERE,
    title: `Step ${here.step + 1}`,
    sentence: 'At the step shown: this program, with what it holds there.',
    index: -1,
    lit: true,
  };
  return [step, ...columns];
}

/** What a cell says, null if that is not known (yet). */
export function reasonAt(
  matrix: KfuncMatrix,
  here: KfuncsHere | null,
  row: number,
  column: number,
): KfuncReason | null {
  if (column < 0) return here === null ? null : (here.reasons[here.cells[row]!] ?? null);
  return matrix.reasons[matrix.cells[row * matrix.columns.length + column]!] ?? null;
}

/** Rows to show: indices into the matrix. */
export function shownRows(
  matrix: KfuncMatrix,
  here: KfuncsHere | null,
  view: Pick<KfuncView, 'query' | 'show' | 'where'>,
  called: ReadonlySet<string>,
): number[] {
  const words = view.query.toLowerCase().split(/\s+/).filter(Boolean);
  const at = view.where === HERE ? -1 : matrix.columns.findIndex(({ id }) => id === view.where);
  return matrix.rows.flatMap((row, index) => {
    if (view.show === 'called' && !called.has(row.name) && !row.invented) return [];
    if (
      (view.show === 'yes' || view.show === 'no') &&
      reasonAt(matrix, here, index, at)?.verdict !== view.show
    )
      return [];
    const text = `${row.key} ${row.flagsText} ${row.families.join(' ')} ${row.hooks}`.toLowerCase();
    return words.every((word) => text.includes(word)) ? [index] : [];
  });
}
