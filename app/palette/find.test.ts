import { describe, expect, it } from 'vitest';
import type { Entry } from './find.ts';
import { find } from './find.ts';

const entry = (title: string, group = 'Walk', detail = ''): Entry => ({
  id: title,
  group,
  title,
  detail,
  keys: [],
  run: () => undefined,
});
const ALL = [
  entry('Step back'),
  entry('Next branch'),
  entry('Branch on a signed value', 'Example', 'a comparison teaches the range'),
  entry('Log level 1 or 2', 'Panes'),
];
const titles = (query: string): string[] => find(ALL, query).map((row) => row.title);

describe('what the palette finds', () => {
  it('keeps the order without a query', () => expect(titles('  ')).toEqual(ALL.map((row) => row.title)));
  it('wants every word, anywhere', () =>
    expect(titles('range branch')).toEqual(['Branch on a signed value']));
  it('puts titles that begin with the word first', () =>
    expect(titles('branch')).toEqual(['Branch on a signed value', 'Next branch']));
  it('finds by kind', () => expect(titles('panes')).toEqual(['Log level 1 or 2']));
  it('finds nothing', () => expect(titles('zebra')).toEqual([]));
});
