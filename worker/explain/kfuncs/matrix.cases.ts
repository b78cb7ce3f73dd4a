import type { Case, CaseTable } from '../../testing/cases.ts';
import { COLUMNS } from './columns.ts';
import { testRealm } from './realm.testkit.ts';
import { witnessOf } from './witness/witness.ts';

/** Kfuncs that the kernel that was asked is built without, and those whose programs need a device. */
const ABSENT =
  /^(bbr_|dctcp_|bpf_ct_|bpf_(skb|xdp)_ct_|bpf_kfunc_call_|bpf_skb_[gs]et_(fou|xfrm)|bpf_xdp_(flow|metadata|get_xfrm|xfrm)|bpf_get_fsverity)/;

/** A struct_ops type that it does not have either. */
const ABSENT_OPS = 'binfmt_misc_ops';

/**
 * A sample of the table of kfuncs: programs that show its cells, one or two of each kfunc of the kernel. Kfuncs of
 * modules and what a proposal adds are left out: the kernel that is asked has none of them.
 */
async function sample(): Promise<CaseTable> {
  const realm = await testRealm();
  const cells = COLUMNS.filter((column) => column.group !== 'type' && column.id !== 'nofault');
  const types = COLUMNS.filter((column) => column.group === 'type' && column.id !== 'type:lirc_mode2');
  const cases: Case[] = [];
  for (const [i, kfunc] of realm.model.kfuncs().entries()) {
    if (kfunc.module !== null || ABSENT.test(kfunc.name)) continue;
    for (const column of [cells[i % cells.length], types[(i * 7) % types.length]]) {
      const witness = witnessOf(realm, kfunc, column);
      if (
        witness === null ||
        !witness.shows ||
        witness.setting.more.some((line) => line.includes(ABSENT_OPS))
      )
        continue;
      cases.push({
        title: `${kfunc.name} @ ${column.id}`,
        index: 0,
        text: witness.source,
        edit: null,
        accepted: witness.outcome!.verdict === 'accepted',
        truth: { kind: 'kernel' },
      });
    }
  }
  return { cases };
}

/** See {@link sample}. */
export const CASES: CaseTable = await sample();
