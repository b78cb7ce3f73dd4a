import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKernelModel } from '../../worker/kernel/model.ts';
import { writeBundle } from '../../worker/program/bundle.ts';
import { parseProgramText } from '../../worker/program/text/parse.ts';
import { readRecordings } from '../../worker/cli/recording.ts';

/** A program that is timed. */
export interface BenchProgram {
  readonly id: string;
  /** The bundle as one line of JSON that stands alone. */
  readonly bundle: string;
  /** `processed` of its recording; null if there is none. */
  readonly expected: number | null;
}

/** The recorded programs that the targets of speed are about. */
export const HEAVY: readonly string[] = [
  'pyperf600/on_event',
  'strobemeta/on_event',
  'strobemeta_nounroll2/on_event',
  'test_verif_scale1/balancer_ingress',
  'test_verif_scale2/balancer_ingress',
  'test_verif_scale3/balancer_ingress',
  'core_kern/balancer_ingress',
  'profiler2/tracepoint__syscalls__sys_enter_kill',
  'xdp_synproxy_kern/syncookie_xdp',
  'xdp_synproxy_kern/syncookie_tc',
  'verifier_call_large_imm/call_large_imm_test',
  'verifier_loops1/loop_after_a_conditional_jump',
];

const END = 'r0 = 0\nexit\n';
const lines = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join('\n');

/** Shapes that a walk spends its time in, as texts. Generated, so that they are there without recordings. */
const SHAPES: Readonly<Record<string, string>> = {
  small: `.prog socket\nr0 = *(u32 *)(r1 + 0)\nr0 &= 7\nexit\n`,
  'straight-line': `.prog socket\nr6 = *(u32 *)(r1 + 0)\n${lines(50_000, (i) => ['r6 += 3', 'r7 = r6', 'r7 &= 255', 'r8 = r7', 'r8 <<= 2'][i % 5])}\n${END}`,
  'alu-loop': `.prog socket\nr6 = 0\nr7 = *(u32 *)(r1 + 0)\nloop: r7 *= 3\nr7 ^= 21\nr8 = r7\nr8 >>= 7\nr6 += 1\nif r6 < 40000 goto loop\n${END}`,
  branchy: `.prog socket\nr6 = r1\nr9 = 0\n${lines(12, (i) => `r7 = *(u32 *)(r6 + 0)\nif r7 > ${i + 3} goto l${i}\nr9 += ${8 << (i % 5)}\nl${i}: r8 = r9`)}\nr9 &= 0xf8\nr8 = r10\nr8 += -256\nr8 += r9\n*(u64 *)(r8 + 0) = 0\n${END}`,
  'spill-loop': `.prog socket\n*(u64 *)(r10 - 8) = r1\nr6 = 0\nr7 = *(u32 *)(r1 + 0)\nloop: *(u64 *)(r10 - 16) = r7\n*(u64 *)(r10 - 24) = r6\nr7 = *(u64 *)(r10 - 16)\nr7 += 1\nr1 = *(u64 *)(r10 - 8)\nr8 = *(u32 *)(r1 + 0)\nr6 = *(u64 *)(r10 - 24)\nr6 += 1\nif r6 < 20000 goto loop\n${END}`,
};

/** The generated programs. */
export function generatedPrograms(only: string): BenchProgram[] {
  const kernel = createKernelModel();
  return Object.entries(SHAPES)
    .map(([name, text]) => ({ id: `generated/${name}`, text }))
    .filter(({ id }) => id.includes(only))
    .map(({ id, text }) => {
      const { program, problems } = parseProgramText(text, { kernel });
      if (program === null) throw new Error(`${id}: ${problems[0].message}`);
      return {
        id,
        bundle: writeBundle(id, { ...program, btf: null, funcInfo: [], lineInfo: [] }),
        expected: null,
      };
    });
}

/** The heavy programs that are among the recordings of some directories, types included. */
export function heavyPrograms(dirs: readonly string[], only: string): BenchProgram[] {
  return HEAVY.filter((id) => id.includes(only)).flatMap((id) => {
    const file = dirs
      .map((dir) => join(dir, `${id.split('/')[0]}.jsonl.gz`))
      .find((path) => existsSync(path));
    const recording = file === undefined ? undefined : readRecordings(file).find((r) => r.id === id);
    if (recording === undefined) return [];
    const { bundle, dir, log1, log2 } = recording;
    const { btf } = bundle;
    const own =
      typeof btf === 'string' && !btf.startsWith('base64:')
        ? { btf: `base64:${readFileSync(join(dir, btf)).toString('base64')}` }
        : {};
    const stats = [log1, log2]
      .map((log) => /processed (\d+) insns/.exec(log.text ?? log.tail))
      .find((m) => m !== null);
    return [
      {
        id,
        bundle: JSON.stringify({ ...bundle, ...own }),
        expected: stats === undefined ? null : Number(stats[1]),
      },
    ];
  });
}
