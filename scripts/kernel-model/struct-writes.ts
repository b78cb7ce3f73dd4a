import type { KernelTypes } from './types-of.ts';

/** Which bytes of a kernel struct a kind of program may write: `[first start, last start, end]` in bytes. */
export interface StructWriteRow {
  /** Program types (numbers) or struct_ops types (names) that the row is for. */
  readonly progs: readonly (number | string)[];
  readonly struct: string;
  readonly ranges: readonly (readonly [number, number, number])[];
}

/** Field as `struct.member`; `+` adds a nested struct's member; `..` any start within the field; `=` all bytes up to its end. */
const ROWS: readonly {
  readonly progs: readonly string[];
  readonly struct: string;
  readonly fields: readonly string[];
}[] = [
  {
    progs: ['tcp_congestion_ops'],
    struct: 'tcp_sock',
    fields: [
      'sock.sk_pacing_rate',
      'sock.sk_pacing_status',
      '..inet_connection_sock.icsk_ca_priv',
      'inet_connection_sock.icsk_ack+.pending',
      'tcp_sock.snd_cwnd',
      'tcp_sock.snd_cwnd_cnt',
      'tcp_sock.snd_cwnd_stamp',
      'tcp_sock.snd_ssthresh',
      'tcp_sock.ecn_flags',
      'tcp_sock.app_limited',
    ],
  },
  { progs: ['Qdisc_ops'], struct: 'sk_buff', fields: ['sk_buff.tstamp', '..sk_buff.cb+qdisc_skb_cb.data'] },
  {
    progs: ['Qdisc_ops'],
    struct: 'Qdisc',
    fields: ['Qdisc.limit', 'Qdisc.q+qdisc_skb_head.qlen', '..Qdisc.qstats'],
  },
  {
    progs: ['BPF_PROG_TYPE_SCHED_CLS', 'BPF_PROG_TYPE_SCHED_ACT', 'BPF_PROG_TYPE_XDP'],
    struct: 'nf_conn',
    fields: ['nf_conn.mark'],
  },
  {
    progs: ['BPF_PROG_TYPE_SCHED_CLS', 'BPF_PROG_TYPE_SCHED_ACT', 'BPF_PROG_TYPE_XDP'],
    struct: 'nf_conn___init',
    fields: ['nf_conn.mark'],
  },
  { progs: ['bpf_dummy_ops'], struct: 'bpf_dummy_ops_state', fields: ['=bpf_dummy_ops_state'] },
  { progs: ['io_uring_bpf_ops'], struct: 'iou_loop_params', fields: ['=iou_loop_params.cq_wait_idx'] },
];

/** How many bytes of `qdisc_skb_cb.data` belong to the qdisc (QDISC_CB_PRIV_LEN). */
const QDISC_CB_PRIV_LEN = 20;

/** Resolves the rows against a kernel's BTF; fields that the kernel lacks are left out. */
export function structWrites(types: KernelTypes): StructWriteRow[] {
  return ROWS.map((row) => ({
    progs: row.progs.map((name) => (name.startsWith('BPF_PROG_TYPE_') ? (types.constant(name) ?? -1) : name)),
    struct: row.struct,
    ranges: row.fields.map((field) => range(types, field)),
  }));
}

function range(types: KernelTypes, field: string): readonly [number, number, number] {
  if (field.startsWith('=')) {
    const [struct, member] = field.slice(1).split('.');
    const last = member === undefined ? null : types.offsetOf(`struct ${struct}`, member);
    const end = last === null ? types.sizeOf(`struct ${struct}`) : last.offset + last.size;
    return [0, end - 1, end];
  }
  const anywhere = field.startsWith('..');
  let start = 0;
  let size = 0;
  let parent = '';
  for (const part of field.replace(/^\.\./, '').split('+')) {
    const [struct, member] = part.split('.');
    if (struct === '') {
      // an unnamed struct: the member of the field before
      const whole = types.offsetOf(`struct ${parent.split('.')[0]}`, `${parent.split('.')[1]}.${member}`);
      start = whole.offset;
      size = whole.size;
    } else {
      const at = types.offsetOf(`struct ${struct}`, member);
      start += at.offset;
      size = at.size;
    }
    parent = part;
  }
  if (field.endsWith('qdisc_skb_cb.data')) size = QDISC_CB_PRIV_LEN;
  return [start, anywhere ? start + size - 1 : start, start + size];
}
