import type { Action, ActionTable } from './action.ts';
import type { Scene } from './scene.ts';

let actions: ActionTable = [];

/** Says what blocks are made of; called before a program is generated. */
export function useActions(table: ActionTable): void {
  actions = table;
}

/** Leaves no trace of an action that finds itself impossible. */
function attempt(s: Scene, action: Action): boolean {
  const undo = s.e.checkpoint();
  const kinds = [...s.kinds];
  const stack = [...s.stack];
  const [pending, regions] = [s.pending.length, s.regions.length];
  if (action(s)) return true;
  undo();
  kinds.forEach((kind, i) => (s.kinds[i] = kind));
  s.stack.clear();
  for (const [off, held] of stack) s.stack.set(off, held);
  s.pending.length = pending;
  s.regions.length = regions;
  return false;
}

/** A few actions in a row. */
export function block(s: Scene, count: number): void {
  if (s.e.lines.length > 160) return;
  s.depth++;
  for (let i = 0; i < count; i++) {
    for (let tries = 0; tries < 8; tries++) if (attempt(s, s.r.weighted(actions))) break;
  }
  s.depth--;
}
