import { createStore } from 'zustand/vanilla';

/** Large type for showing to others. It ends with the page: nobody wants to find it there the next day. */
export const present = createStore<{ readonly on: boolean }>(() => ({ on: false }));

export function togglePresentation(): void {
  const on = !present.getState().on;
  present.setState({ on });
  if (on) document.documentElement.dataset['presenting'] = '';
  else delete document.documentElement.dataset['presenting'];
}

/** Size of the editor's type and its lines, in px. */
export function editorType(on: boolean): { readonly fontSize: number; readonly lineHeight: number } {
  return on ? { fontSize: 20, lineHeight: 30 } : { fontSize: 13, lineHeight: 20 };
}
