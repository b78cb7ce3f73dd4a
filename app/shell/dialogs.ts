import { createStore } from 'zustand/vanilla';

/** What can stand over the whole page; `Dialogs.tsx` says what each is. */
export type DialogId = 'palette' | 'keyboard' | 'reference' | 'export' | 'kfuncs' | 'lessons' | 'object';

/** The dialog that is open. */
export const dialogs = createStore<{ readonly open: DialogId | null }>(() => ({ open: null }));

export const openDialog = (id: DialogId): void => dialogs.setState({ open: id });
export const closeDialog = (): void => dialogs.setState({ open: null });
