import type { StepView } from '../../worker/protocol.ts';

/** One line of two states side by side. */
export interface SideRow {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  readonly differs: boolean;
}

/** Values and what is held, by name, in the order in which they are shown. */
function entries(view: StepView): Map<string, string> {
  const map = new Map<string, string>();
  const deep = view.frames.length > 1;
  for (const { frameno, regs, stack } of view.frames)
    for (const { name, text } of [...regs, ...stack])
      map.set(deep ? `${name} in frame ${frameno}` : name, text);
  for (const { kind, id, label } of view.held)
    map.set(
      kind === 'ref' || kind === 'lock' ? `held: ${label}` : `held: ${kind}`,
      id === 0 ? label : `${label}, id ${id}`,
    );
  return map;
}

/** Two states as rows; what neither side knows anything of is left out. `left` or `right` null: that walk has no such step. */
export function sideRows(left: StepView | null, right: StepView | null): SideRow[] {
  const [a, b] = [
    left === null ? new Map<string, string>() : entries(left),
    right === null ? new Map<string, string>() : entries(right),
  ];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names.flatMap((name) => {
    const held = name.startsWith('held');
    const none = held ? 'not held' : 'uninit';
    const [x, y] = [a.get(name) ?? none, b.get(name) ?? none];
    if (!held && x === 'uninit' && y === 'uninit') return [];
    return [{ name, left: x, right: y, differs: x !== y }];
  });
}
