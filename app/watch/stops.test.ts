import { beforeEach, describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { memoryStorage } from '../drafts/storage.ts';
import type { Playground } from '../playground/playground.ts';
import { INITIAL } from '../playground/state.ts';
import type { State } from '../playground/state.ts';
import { addWatch, changeWatch, keepStops, setLines, stops, stopsToShare, toggleLine } from './stops.ts';

function scene(storage = memoryStorage()) {
  const store = createStore<State>(() => INITIAL);
  keepStops({ store } as unknown as Playground, storage);
  let opened = 0;
  return {
    store,
    storage,
    open: (title: string, draft: string | null) => store.setState({ title, draft, opened: ++opened }),
  };
}

const lines = (): readonly number[] => stops.getState().lines;

describe('stops', () => {
  beforeEach(() => stops.setState({ lines: [], watches: [], searching: null }));

  test('are set and taken back', () => {
    toggleLine(7);
    toggleLine(3);
    expect(lines()).toEqual([3, 7]);
    toggleLine(7);
    expect(lines()).toEqual([3]);
    const before = lines();
    setLines([3, 3]);
    expect(lines()).toBe(before);
    addWatch('  refs > 0 ');
    addWatch('refs > 0');
    addWatch('');
    expect(stops.getState().watches).toEqual([{ text: 'refs > 0', on: true }]);
    changeWatch(0, { text: 'refs > 0', on: false });
    expect(stops.getState().watches[0]!.on).toBe(false);
    changeWatch(0, null);
    expect(stops.getState().watches).toEqual([]);
  });

  test('belong to their program: examples keep them for the session, drafts on the device', () => {
    const { open, store, storage } = scene();
    open('Bounded loop', null);
    toggleLine(5);
    open('Kfunc under a lock', null);
    expect(lines()).toEqual([]);
    toggleLine(9);
    open('Bounded loop', null);
    expect(lines()).toEqual([5]);
    // typing makes it a draft, which takes them along
    store.setState({ draft: 'd1' });
    toggleLine(6);
    open('Kfunc under a lock', null);
    expect(lines()).toEqual([9]);

    stops.setState({ lines: [], watches: [] });
    const later = scene(storage);
    later.open('Bounded loop', 'd1');
    expect(lines()).toEqual([5, 6]);
  });

  test('come with a link, and none with a link that has none; off ones stay behind', () => {
    const { open, store } = scene();
    const link = (brought: State['brought']): void => {
      store.setState({ brought });
      open('Shared program', null);
    };
    link({ lines: [4], watches: ['lock held'] });
    expect(stops.getState()).toMatchObject({ lines: [4], watches: [{ text: 'lock held', on: true }] });
    expect(stopsToShare()).toEqual({ lines: [4], watches: ['lock held'] });
    link({ lines: [], watches: [] });
    expect(stopsToShare()).toBeUndefined();
    addWatch('refs > 0');
    changeWatch(0, { text: 'refs > 0', on: false });
    expect(stopsToShare()).toBeUndefined();
    // an example opened after it has its own
    store.setState({ brought: null });
    open('Bounded loop', null);
    expect(stops.getState().watches).toEqual([]);
  });

  test('go with their draft, and leave others alone', () => {
    const { open, store, storage } = scene();
    storage.setItem('bpf-playground.draft.x', 'kept');
    storage.setItem('bpf-playground.stops.gone', '{"lines":[1],"watches":[]}');
    open('New program', 'd1');
    toggleLine(2);
    store.setState({ drafts: [{ id: 'd1', title: 'New program', doc: INITIAL.doc, step: null, at: 1 }] });
    expect(storage.getItem('bpf-playground.stops.gone')).toBeNull();
    expect(storage.getItem('bpf-playground.stops.d1')).not.toBeNull();
    expect(storage.getItem('bpf-playground.draft.x')).toBe('kept');
  });

  test('what is broken in the storage is nothing', () => {
    const storage = memoryStorage();
    storage.setItem('bpf-playground.stops.d1', '{"lines":["a",4],"watches":[{}]}');
    storage.setItem('bpf-playground.stops.d2', '{');
    const { open } = scene(storage);
    open('New program', 'd1');
    expect(stops.getState()).toMatchObject({ lines: [4], watches: [] });
    open('New program', 'd2');
    expect(lines()).toEqual([]);
  });
});
