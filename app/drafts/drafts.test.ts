import { describe, expect, test } from 'vitest';
import { createDraftShelf } from './drafts.ts';
import type { Draft } from './drafts.ts';
import { memoryStorage } from './storage.ts';

const draft = (id: string, at: number): Draft => ({
  id,
  at,
  title: 'New program',
  doc: { source: `// ${id}`, semantics: null, kfuncFlags: {} },
  step: null,
});

describe('drafts', () => {
  test('come back, newest first', () => {
    const shelf = createDraftShelf(memoryStorage());
    shelf.save(draft('a', 1));
    shelf.save(draft('b', 3));
    shelf.save(draft('c', 2));
    expect(shelf.list().map((d) => d.id)).toEqual(['b', 'c', 'a']);
    expect(shelf.get('c')).toEqual(draft('c', 2));
  });

  test('two shelves over one storage keep each other’s drafts', () => {
    const storage = memoryStorage();
    createDraftShelf(storage).save(draft('a', 1));
    createDraftShelf(storage).save(draft('b', 2));
    expect(createDraftShelf(storage).list()).toHaveLength(2);
  });

  test('the oldest make room, strangers in the storage are left alone', () => {
    const storage = memoryStorage();
    storage.setItem('other', 'x');
    storage.setItem('bpf-playground.draft.broken', '{');
    const shelf = createDraftShelf(storage);
    for (let i = 0; i < 55; i++) shelf.save(draft(`d${i}`, i));
    expect(shelf.list()).toHaveLength(50);
    expect(shelf.get('d4')).toBeNull();
    expect(shelf.get('d54')).not.toBeNull();
    expect(storage.getItem('other')).toBe('x');
  });
});
