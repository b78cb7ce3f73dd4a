import { expect, test } from 'vitest';
import { embedParams } from './params.ts';

test.each([
  ['', null],
  ['?theme=dark', null],
  ['?embed', { editable: false, theme: 'system' }],
  ['?embed=', { editable: false, theme: 'system' }],
  ['?embed=edit&theme=dark', { editable: true, theme: 'dark' }],
  ['?theme=light&embed=1', { editable: false, theme: 'light' }],
  ['?embed&theme=%3Cb%3E', { editable: false, theme: 'system' }],
] as const)('%s', (search, expected) => {
  expect(embedParams(search)).toEqual(expected);
});
