import { describe, expect, it } from 'vitest';
import type { KfuncMatrix, KfuncsHere } from '../../worker/protocol/kfuncs.ts';
import { shownColumns, shownRows } from './filter.ts';
import { addressedCell, HERE } from './store.ts';

const column = (id: string, group: 'held' | 'type') => ({ id, title: id, group, sentence: '', exists: true });
const row = (key: string, flagsText: string, families: string[] = []) => ({
  key,
  name: key.replace(/^.*:/, ''),
  module: null,
  invented: false,
  flags: 0,
  flagsText,
  changed: false,
  families,
  hooks: 'tc, xdp',
  prototype: '',
});
const MATRIX: KfuncMatrix = {
  columns: [column('spin-lock', 'held'), column('type:xdp', 'type')],
  rows: [row('bpf_a', 'KF_SLEEPABLE'), row('mod:bpf_b', 'KF_ACQUIRE', ['list-api'])],
  reasons: [
    { verdict: 'yes', short: '', rule: null },
    { verdict: 'no', short: '', rule: 'x' },
  ],
  cells: Uint16Array.from([0, 1, 1, 0]),
  semantics: [],
};
const HERE_ANSWER: KfuncsHere = {
  step: 4,
  insn: 2,
  lit: ['type:xdp'],
  reasons: MATRIX.reasons,
  cells: Uint16Array.from([1, 0]),
};
const ALL = { query: '', show: 'all', where: 'spin-lock' } as const;

describe('rows', () => {
  it('must have every word in name, flags, families or registration', () => {
    const rows = (query: string): number[] => shownRows(MATRIX, null, { ...ALL, query }, new Set());
    expect(rows('')).toEqual([0, 1]);
    expect(rows('sleep bpf')).toEqual([0]);
    expect(rows('LIST-api')).toEqual([1]);
    expect(rows('xdp mod:')).toEqual([1]);
    expect(rows('nothing')).toEqual([]);
  });

  it('are chosen by a column, the step among them, or by what the program calls', () => {
    expect(shownRows(MATRIX, null, { ...ALL, show: 'no' }, new Set())).toEqual([1]);
    expect(shownRows(MATRIX, null, { ...ALL, show: 'yes', where: 'type:xdp' }, new Set())).toEqual([1]);
    expect(shownRows(MATRIX, HERE_ANSWER, { ...ALL, show: 'yes', where: HERE }, new Set())).toEqual([1]);
    expect(shownRows(MATRIX, null, { ...ALL, show: 'yes', where: HERE }, new Set())).toEqual([]);
    expect(shownRows(MATRIX, null, { ...ALL, show: 'called' }, new Set(['bpf_b']))).toEqual([1]);
  });
});

describe('columns', () => {
  it('hide types of programs but the one of the step', () => {
    expect(shownColumns(MATRIX, null, false).map(({ id }) => id)).toEqual(['spin-lock']);
    expect(shownColumns(MATRIX, null, true).map(({ id }) => id)).toEqual(['spin-lock', 'type:xdp']);
    expect(shownColumns(MATRIX, HERE_ANSWER, false).map(({ id, lit }) => [id, lit])).toEqual([
      [HERE, true],
      ['spin-lock', false],
      ['type:xdp', true],
    ]);
  });
});

it('reads a cell from the address', () => {
  expect(addressedCell('?kfunc=bpf_obj_new&in=rcu')).toEqual({ key: 'bpf_obj_new', column: 'rcu' });
  expect(addressedCell('?kfunc=bpf_obj_new')).toEqual({ key: 'bpf_obj_new', column: 'spin-lock' });
  expect(addressedCell('?theme=dark')).toBeNull();
});
