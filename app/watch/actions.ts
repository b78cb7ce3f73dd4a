import type { Action } from '../shell/action.ts';
import { showPane } from '../shell/layout.ts';
import { runTo, toggleHere } from './run-to.ts';
import { stops } from './stops.ts';

/** Breakpoints and watches. */
export const WATCH_ACTIONS: readonly Action[] = [
  {
    id: 'next-stop',
    title: 'Run to the next breakpoint or watch',
    group: 'Walk',
    keys: ['F8', 'r'],
    run: (playground) => void runTo(playground, 1),
  },
  {
    id: 'prev-stop',
    title: 'Run back to the previous breakpoint or watch',
    group: 'Walk',
    keys: ['Shift+F8', 'Shift+R'],
    run: (playground) => void runTo(playground, -1),
  },
  {
    id: 'breakpoint',
    title: 'Breakpoint at this line, or none',
    group: 'Walk',
    keys: ['b', 'Alt+b'],
    run: toggleHere,
  },
  {
    id: 'new-watch',
    title: 'New watch',
    group: 'Walk',
    keys: ['w'],
    run: () => {
      showPane('watch');
      stops.setState({ writing: true });
    },
  },
];
