import { STRUCT_OPS_TYPES } from './generated/struct-ops.ts';
import { PTR_TO_BTF_ID, PTR_TO_BUF, PTR_TRUSTED } from './types.ts';

/** A struct_ops type as generated. */
export interface StructOpsData {
  readonly name: string;
  /** Name of its verifier ops. */
  readonly ops: string;
  /** Members with a stub in the kernel: those that programs may implement. */
  readonly members: readonly string[];
}

/** When a member's program may sleep. */
export type SleepRule = 'may' | 'must' | 'must-not';

/** An argument of a member whose type its ops decide rather than BTF. */
export interface ArgOverride {
  readonly member: string;
  /** Offset of the argument in the ctx, bytes. */
  readonly offset: number;
  readonly regType: number;
  /** Struct name for PTR_TO_BTF_ID, else null. */
  readonly btf: string | null;
}

/** What the verifier asks of a struct_ops type. */
export interface StructOpsRow {
  readonly name: string;
  /** Members that programs may implement. */
  readonly members: ReadonlySet<string>;
  readonly sleep: (member: string) => SleepRule;
  readonly args: readonly ArgOverride[];
  /** A BTF argument of the first struct is taken as the second. */
  readonly promote: readonly [from: string, to: string] | null;
  /** Members whose programs ask for a private stack. */
  readonly privateStack: ReadonlySet<string>;
}

const SLEEP: ReadonlyMap<string, (member: string) => SleepRule> = new Map<
  string,
  (member: string) => SleepRule
>([
  ['bpf_dummy_ops', (member) => (member === 'test_sleepable' ? 'may' : 'must-not')],
  ['binfmt_misc_ops', (member) => (member === 'match' || member === 'load' ? 'must' : 'may')],
  [
    'hid_bpf_ops',
    (member) =>
      ['hid_rdesc_fixup', 'hid_hw_request', 'hid_hw_output_report'].includes(member) ? 'may' : 'must-not',
  ],
]);

const ARGS: ReadonlyMap<string, readonly ArgOverride[]> = new Map<string, readonly ArgOverride[]>([
  [
    'Qdisc_ops',
    [{ member: 'enqueue', offset: 16, regType: PTR_TO_BTF_ID | PTR_TRUSTED, btf: 'bpf_sk_buff_ptr' }],
  ],
  [
    'ufq_iosched_ops',
    [
      { member: 'merge_req', offset: 16, regType: PTR_TO_BUF, btf: null },
      { member: 'merge_bio', offset: 24, regType: PTR_TO_BUF, btf: null },
    ],
  ],
]);

/** The proposed UFQ scheduler's type; only the build with the series has it. */
const UFQ: StructOpsData = {
  name: 'ufq_iosched_ops',
  ops: 'ufq',
  members: [
    'init_sched',
    'exit_sched',
    'has_req',
    'insert_req',
    'finish_req',
    'merge_req',
    'merge_bio',
    'dispatch_req',
  ],
};

const MAY = (): SleepRule => 'may';
const NONE: ReadonlySet<string> = new Set();

const ROWS: ReadonlyMap<string, StructOpsRow> = new Map(
  [...STRUCT_OPS_TYPES, UFQ].map((data) => [
    data.name,
    {
      name: data.name,
      members: new Set(data.members),
      sleep: SLEEP.get(data.name) ?? MAY,
      args: ARGS.get(data.name) ?? [],
      promote: data.name === 'tcp_congestion_ops' ? (['sock', 'tcp_sock'] as const) : null,
      privateStack: data.name === 'bpf_testmod_ops3' ? new Set(['test_1']) : NONE,
    },
  ]),
);

/** A struct_ops type by its struct's name, null if the kernel registers none such. */
export function structOpsType(name: string): StructOpsRow | null {
  return ROWS.get(name) ?? null;
}

/** Is the member implementable, and may this program sleep there? If not: `attach to unsupported member %s of struct %s`. */
export function structOpsMemberAllowed(row: StructOpsRow, member: string, sleepable: boolean): boolean {
  if (!row.members.has(member)) return false;
  const rule = row.sleep(member);
  return rule === 'may' || (rule === 'must') === sleepable;
}
