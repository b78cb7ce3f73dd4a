import { describe, expect, it } from 'vitest';
import { testCases } from '../../testing/case-tests.testkit.ts';
import { COLUMNS } from './columns.ts';
import { CASES } from './matrix.cases.ts';
import { RECORDED } from './matrix.cases.recorded.ts';
import { columnExists, homesOf, judgeCell, judgedOf } from './matrix.ts';
import { testRealm } from './realm.testkit.ts';
import { witnessOf } from './witness/witness.ts';

/**
 * Programs that have all that the call needs, as far as a prototype tells, and show something else all the same: what two kfuncs of the
 * test module release is no object of a struct; and where the VMA of a nofault region was not got, an iterator that RCU
 * protected cannot be ended, which the walk comes to first.
 */
const ODD: ReadonlySet<string> = new Set([
  'bpf_kfunc_call_int_mem_release',
  'bpf_kfunc_nested_release_test',
  'bpf_iter_css_next in nofault',
  'bpf_iter_task_next in nofault',
]);

const released = await testRealm();
const proposed = await testRealm('kf-spin-lock', 'kf-forbid-fault');
const before = await testRealm('kf-spin-lock-before');

describe('a cell says what the verifier says of a program that shows it', () => {
  const judgedColumns = COLUMNS.filter((column) => column.group !== 'type');
  const rows = [
    ...judgedColumns
      .filter((column) => columnExists(released.model, column))
      .map((column) => [column.id, '7.3', released, column] as const),
    ...judgedColumns
      .filter((column) => column.id === 'spin-lock')
      .map((column) => [column.id, 'before KF_SPIN_LOCK', before, column] as const),
    ...judgedColumns
      .filter((column) => column.id === 'nofault')
      .map((column) => [column.id, 'KF_FORBID_FAULT', proposed, column] as const),
  ];
  it.each(rows)(
    '%s under %s',
    (_id, _rules, realm, column) => {
      const wrong: string[] = [];
      let shown = 0;
      let skeletons = 0;
      for (const kfunc of realm.model.kfuncs()) {
        const witness = witnessOf(realm, kfunc, column);
        if (witness === null) continue;
        if (witness.shows) shown++;
        else if (witness.missing !== null) skeletons++;
        else if (!ODD.has(kfunc.name) && !ODD.has(`${kfunc.name} in ${column.id}`))
          wrong.push(`${kfunc.name}: ${witness.outcome?.message ?? 'not a program'}\n${witness.source}`);
      }
      expect(wrong).toEqual([]);
      // the rest lacks an object that only an attach point or a device gives
      expect(shown / (shown + skeletons)).toBeGreaterThan(0.78);
    },
    180_000,
  );

  it('shows for every type of program that it refuses a kfunc which is not registered for it', () => {
    for (const column of COLUMNS.filter((c) => c.group === 'type')) {
      const stranger = released.model
        .kfuncs()
        .find(
          (kfunc) =>
            !judgeCell(released, judgedOf(released, kfunc), column, homesOf(released, kfunc)).legality
              .allowed,
        )!;
      const witness = witnessOf(released, stranger, column);
      expect(witness?.shows, `${stranger.name} in ${column.id}: ${witness?.outcome?.message}`).toBe(true);
    }
  }, 60_000);
});

testCases('a running kernel says the same of a sample of cells', CASES, RECORDED);
