import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CTX_READ, CTX_WRITE, ctxAccess, ctxIsTyped } from './ctx.ts';
import { helperProto, helperRefusal, helperRows } from './helper-access.ts';
import { KF_SLEEPABLE } from './kfunc-flags.ts';
import { KFUNCS, kfuncAllowed } from './kfuncs.ts';
import type { ProgTraits } from './prog-traits.ts';
import { BPF_PROG_TYPE_STRUCT_OPS } from './uapi.ts';
import { baseType, PTR_TO_BTF_ID, regTypeStr } from './types.ts';

interface Probed {
  readonly type: number;
  readonly attach_type: number;
  readonly flags?: number;
  readonly attach?: readonly string[];
  readonly entry?: string;
}
interface Probes {
  readonly progTypes: Readonly<Record<string, Probed>>;
  readonly helpers: Readonly<
    Record<
      string,
      { readonly allowed: readonly number[]; readonly otherwise: Readonly<Record<string, string>> }
    >
  >;
  readonly kfuncs: Readonly<
    Record<
      string,
      { readonly allowed: readonly string[]; readonly otherwise?: Readonly<Record<string, string>> }
    >
  >;
  readonly ctx: Readonly<
    Record<
      string,
      {
        readonly read: readonly (readonly [number, number, string])[];
        readonly write: readonly (readonly [number, number])[];
      }
    >
  >;
}

const file = path.join(process.env.BPF_KERNEL ?? '', 'probes.json');
const probes: Probes | null =
  process.env.BPF_KERNEL && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Probes) : null;

const BPF_F_SLEEPABLE = 16;

/** The program that a probe loaded: everything allowed to its loader, GPL. */
function traits(probed: Probed): ProgTraits {
  return {
    progType: probed.type,
    attachType: probed.type === BPF_PROG_TYPE_STRUCT_OPS ? 0 : probed.attach_type,
    sleepable: ((probed.flags ?? 0) & BPF_F_SLEEPABLE) !== 0,
    gpl: true,
    capBpf: true,
    capPerfmon: true,
    capSysAdmin: true,
    attachName: probed.attach ? probed.attach[1].replace(/^btf_trace_/, '') : null,
    structOps:
      probed.type === BPF_PROG_TYPE_STRUCT_OPS
        ? { type: probed.attach![1], member: '', offset: OFFSETS[probed.attach![1]] ?? 0 }
        : null,
    devBound: false,
  };
}

/** Offset of the member that the probes used, where the rules look at it. */
const OFFSETS: Readonly<Record<string, number>> = { Qdisc_ops: 40, tcp_congestion_ops: 32 };

/**
 * Kfuncs whose probe failed for another reason before registration was looked at (too many or unfit parameters,
 * metadata of an unbound device), so that it was counted as allowed everywhere.
 */
const UNDECIDED: ReadonlySet<string> = new Set([
  'bpf_modify_return_test2',
  'bpf_xdp_metadata_rx_hash',
  'bpf_xdp_metadata_rx_timestamp',
  'bpf_xdp_metadata_rx_vlan_tag',
  'bpf_kfunc_call_test_mem_len_fail1',
  'bpf_kfunc_call_stack_arg_big',
  // in modules that were not loaded when the probes ran
  'bpf_test_modorder_retx',
  'bpf_test_modorder_rety',
]);

describe.skipIf(probes === null)('what a real 7.3.4 kernel allows', () => {
  const all = Object.entries(probes?.progTypes ?? {}).filter(([, row]) => row.entry !== undefined);

  it.each(all)('helpers of %s', (name, probed) => {
    const prog = traits(probed);
    const { allowed } = probes!.helpers[name];
    const ours = helperRows()
      .filter(
        ({ id }) =>
          id > 0 &&
          helperRefusal(id, prog) === null &&
          (prog.sleepable || !helperProto(id, prog)!.mightSleep),
      )
      .map(({ id }) => id);
    expect(ours).toEqual([...allowed].sort((a, b) => a - b));
  });

  it.each(all)('kfuncs of %s', (name, probed) => {
    const prog = traits(probed);
    const ours = KFUNCS.filter(
      (kfunc) => kfuncAllowed(kfunc, prog) && (prog.sleepable || !(kfunc.flags & KF_SLEEPABLE)),
    ).map((kfunc) => kfunc.name);
    const decided = (names: readonly string[]): string[] =>
      [...new Set(names)].filter((kfunc) => !UNDECIDED.has(kfunc)).sort();
    expect(decided(ours)).toEqual(decided(probes!.kfuncs[name].allowed));
  });

  it.each(all.filter(([, row]) => !ctxIsTyped(row.type)))('ctx of %s', (name, probed) => {
    const prog = traits(probed);
    const reads: string[] = [];
    const writes: string[] = [];
    for (let off = 0; off < 264; off++) {
      for (const size of [1, 2, 4, 8]) {
        if (off % size) continue;
        const read = ctxAccess(prog, off, size, CTX_READ);
        if (read)
          reads.push(
            `${off} ${size} ${regTypeStr(read.regType)}${baseType(read.regType) === PTR_TO_BTF_ID ? read.btf : ''}`,
          );
        if (ctxAccess(prog, off, size, CTX_WRITE)) writes.push(`${off} ${size}`);
      }
    }
    const { read, write } = probes!.ctx[name];
    expect(reads).toEqual(read.map(([off, size, text]) => `${off} ${size} ${text.split('(')[0]}`));
    expect(writes).toEqual(write.map(([off, size]) => `${off} ${size}`));
  });
});
