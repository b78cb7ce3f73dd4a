import type { ComparedAsKind, ComparedResult } from '../../worker/protocol/proof.ts';

/** What the comparison of one thing came to, in a word. */
export const RESULT_WORDS: Readonly<Record<ComparedResult, string>> = {
  equal: 'equal',
  mapped: 'id mapped',
  contained: 'contained',
  imprecise: 'not precise',
  unused: 'not relied on',
  dead: 'not live',
  differs: 'differs',
};

/** What an earlier state is to the current one, in a few words. */
export const AS_WORDS: Readonly<Record<ComparedAsKind, string>> = {
  proven: 'proven: all that follows is explored',
  loop: 'explored, but for the loop that leads back to it',
  iterator: 'an earlier round of the iterator',
  'may-goto': 'an earlier round of may_goto',
  callback: 'an earlier round of the callback',
  same: 'on the way here, still being explored',
  async: 'of another run of the asynchronous callback',
};
