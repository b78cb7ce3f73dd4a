import { createStore } from 'zustand/vanilla';

/** The column of the step that the page shows. */
export const HERE = 'here';

/** What the table of kfuncs shows, in the pane and over the whole page alike. */
export interface KfuncView {
  /** Words that must all be found in name, flags, families or registration. */
  readonly query: string;
  readonly show: 'all' | 'called' | 'yes' | 'no';
  /** The column that `show` yes and no are about. */
  readonly where: string;
  /** One column per type of program, too. */
  readonly types: boolean;
  /** The cell that the keyboard is at. */
  readonly selected: { readonly key: string; readonly column: string } | null;
}

/** `?kfunc=bpf_obj_new&in=spin-lock` of an address. */
export function addressedCell(search: string): KfuncView['selected'] {
  const params = new URLSearchParams(search);
  const key = params.get('kfunc');
  return key === null ? null : { key, column: params.get('in') ?? 'spin-lock' };
}

const addressed = typeof location === 'undefined' ? null : addressedCell(location.search);

export const kfuncView = createStore<KfuncView>(() => ({
  query: '',
  show: 'all',
  where: 'spin-lock',
  types: addressed?.column.startsWith('type:') ?? false,
  selected: addressed,
}));

/** Did the address of the page ask for a cell? */
export const cellWasAddressed = addressed !== null;
