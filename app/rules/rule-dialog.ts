import { createStore } from 'zustand/vanilla';

/** The index of rules: whether it lies over the page, and the rule that it begins with (null: none). */
export const ruleDialog = createStore<{ readonly open: boolean; readonly id: string | null }>(() => ({
  open: false,
  id: null,
}));

/** Opens the index of rules, at a rule if one is named. */
export const showRules = (id: string | null = null): void => ruleDialog.setState({ open: true, id });
export const closeRules = (): void => ruleDialog.setState({ open: false, id: null });
