// A stand-in for the verifier that invents plausible answers, for work on the page alone. It verifies nothing.
import * as Comlink from 'comlink';
import type {
  Comparison,
  InsnView,
  LaneSpan,
  LogLine,
  RegView,
  StepView,
  VerifierWorker,
  VerifyRequest,
  VerifyResult,
} from '../../worker/protocol.ts';

const SAFE = 1 << 17;
let runs = 0;
let cancelled = false;
const steps = new Map<number, { insns: InsnView[]; bad: number | null; total: number }>();

const pause = (ms: number): Promise<void> => new Promise((r) => setTimeout(r, ms));

function parse(source: string): InsnView[] {
  const insns: InsnView[] = [];
  let c = false;
  source.split('\n').forEach((text, i) => {
    const t = text.replace(/\/\/.*$/, '').trimEnd();
    if (/^\s*\.c\b/.test(t)) c = true;
    const code = t.replace(/^[\w.$]+:/, (m) => ' '.repeat(m.length));
    if (!c && code.trim() !== '' && !code.trim().startsWith('.')) {
      const col = code.length - code.trimStart().length + 1;
      insns.push({
        index: insns.length,
        kernel: code.trim(),
        llvm: code.trim(),
        bytes: 'b7 00 00 00 00 00 00 00',
        span: { line: i + 1, col, endLine: i + 1, endCol: t.length + 1 },
        subprog: 0,
        live: '0.........',
        scc: 0,
        prunePoint: false,
        visits: 1,
      });
    }
    if (/^\s*\.endc\b/.test(t)) c = false;
  });
  return insns;
}

function reg(n: number, step: number): RegView {
  const changed = step > 0 && step % 7 === n;
  const scalar = n === 0 || n === 3;
  return {
    name: n === 10 ? 'R10' : `R${n}`,
    text:
      n === 10
        ? 'fp0'
        : n === 1
          ? 'ctx()'
          : scalar
            ? `scalar(smin=0,smax=umax=umax32=255,var_off=(0x0; 0xff))`
            : n === 6
              ? 'map_value(map=m,ks=4,vs=8)'
              : n === 7
                ? 'trusted_ptr_task_struct(id=2,ref_obj_id=2)'
                : String(step % 3),
    type: scalar ? 'scalar' : 'ptr',
    id: n === 7 ? 2 : 0,
    parentId: 0,
    precise: n === 3,
    scalar: scalar
      ? {
          constant: null,
          smin: '0',
          smax: '255',
          umin: '0',
          umax: '255',
          s32min: '0',
          s32max: '255',
          u32min: '0',
          u32max: '255',
          value: '0x0',
          mask: '0xff',
        }
      : null,
    changed,
    before: changed ? 'scalar()' : null,
    why: changed ? 'refined by the branch r3 < 256' : null,
  };
}

function view(run: number, at: number): StepView {
  const r = steps.get(run);
  if (r === undefined) throw new Error('no such run');
  const step = Math.max(0, Math.min(at, r.total - 1));
  const insn = step % r.insns.length;
  const regs = [0, 1, 3, 6, 7, 10].map((n) => reg(n, step));
  return {
    step,
    insn,
    prevInsn: insn - 1,
    path: 0,
    speculative: false,
    frames: [
      {
        frameno: 0,
        subprog: 'main',
        callsite: -1,
        regs,
        stack: [
          { ...reg(3, step), name: 'fp-8' },
          { ...reg(7, step), name: 'fp-16' },
        ],
      },
    ],
    held:
      step > 3
        ? [
            { kind: 'lock', id: 1, label: 'm.lock', sinceStep: 3, sinceInsn: 3 },
            { kind: 'ref', id: 2, label: 'task_struct', sinceStep: 2, sinceInsn: 2 },
          ]
        : [],
    changes: step > 0 ? [`R${step % 7} was refined by the branch: it is now below 256`] : [],
    log: { level1: { from: step * 2, to: step * 2 + 2 }, level2: { from: step * 2, to: step * 2 + 2 } },
    visit: Math.floor(step / r.insns.length) + 1,
    visits: Math.ceil(r.total / r.insns.length),
    end: r.bad === step ? 'rejected' : step === r.total - 1 ? 'exit' : null,
  };
}

const worker: VerifierWorker = {
  about: () =>
    Promise.resolve({
      kernel: '7.3.4',
      semantics: [
        {
          id: 'kf-spin-lock',
          title: 'KF_SPIN_LOCK',
          sentence: 'A kfunc may be called under a lock if it has the flag; families stay allowed.',
        },
        {
          id: 'kf-spin-lock-before',
          title: 'Before KF_SPIN_LOCK',
          sentence: 'Only hard-coded families may be called under a lock; kfuncs of modules never.',
        },
        {
          id: 'kf-forbid-fault',
          title: 'KF_FORBID_FAULT',
          sentence: 'References that forbid faults while held; task_vma iterators hold one.',
        },
      ],
      kfuncFlags: [
        [1, 'KF_ACQUIRE'],
        [2, 'KF_RELEASE'],
        [4, 'KF_RET_NULL'],
        [32, 'KF_SLEEPABLE'],
        [128, 'KF_RCU'],
        [SAFE, 'KF_SPINLOCK_SAFE'],
        [1 << 19, 'KF_FORBID_FAULT'],
      ].map(([bit, name]) => ({ bit: Number(bit), name: String(name) })),
    }),
  async verify(request, onProgress) {
    cancelled = false;
    if (request.source.includes('CRASH'))
      setTimeout(() => {
        throw new Error('the stand-in was told to crash');
      });
    if (request.source.includes('STUCK')) for (;;);
    const slow = request.source.includes('SLOW') ? 200 : 0;
    for (let i = 0; i < slow && !cancelled; i++) {
      onProgress({ insns: i * 5000, limit: 1_000_000 });
      await pause(50);
    }
    if (cancelled) return null;
    return result(request);
  },
  cancel: () => {
    cancelled = true;
    return Promise.resolve();
  },
  compare: (left: VerifyRequest, right: VerifyRequest): Promise<Comparison> =>
    Promise.resolve({
      left: result(left),
      right: result(right),
      firstDifference: { leftStep: 3, rightStep: 3, why: 'the kfunc may be called under the lock here' },
    }),
  step: (run, step) => Promise.resolve(view(run, step)),
  seek(run, from, target) {
    const r = steps.get(run);
    const to =
      target.to === 'step'
        ? target.step
        : target.to === 'insn'
          ? target.insn
          : target.to === 'first'
            ? 0
            : target.to === 'last'
              ? (r?.total ?? 1) - 1
              : target.to === 'failure'
                ? (r?.bad ?? 0)
                : target.to.startsWith('next')
                  ? from + 3
                  : from - 3;
    return Promise.resolve(view(run, to));
  },
  log(run, _level, from, to) {
    const r = steps.get(run)!;
    const total = r.total * 2 + 1;
    const lines: LogLine[] = [];
    for (let i = from; i < Math.min(to, total); i++) {
      const s = Math.floor(i / 2);
      if (i === total - 1)
        lines.push({
          text: `processed ${r.total} insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0`,
          step: -1,
        });
      else
        lines.push({
          text:
            i % 2 === 0
              ? `; source line ${s} @ main.c:${s}`
              : `${s % r.insns.length}: (b7) ${r.insns[s % r.insns.length]?.kernel}   ; R0=0`,
          step: s,
        });
    }
    return Promise.resolve({ total, lines });
  },
  explain(run) {
    const r = steps.get(run)!;
    return Promise.resolve(
      r.bad === null
        ? {
            verdict: 'accepted',
            message: '',
            rule: null,
            title: 'Every path was proven safe',
            explanation:
              'Each load stays inside its object, every reference is released, and no lock is held at exit.',
            rationale: '',
            chain: [],
            fixes: [],
          }
        : {
            verdict: 'rejected',
            message: 'function calls are not allowed while holding a lock',
            rule: 'calls/under-lock',
            title: 'This kfunc may not be called while a lock is held',
            explanation:
              'While a bpf_spin_lock is held, only bpf_spin_unlock, bpf_kptr_xchg, static subprograms, and kfuncs with KF_SPINLOCK_SAFE may be called.',
            rationale:
              'Code under a spin lock must be short and must not take other locks; a function that was not written for this could deadlock.',
            chain: [
              { step: 3, insn: 3, why: 'The lock in the map value is taken' },
              { step: r.bad, insn: r.bad, why: 'my_op is called while the lock is held' },
            ],
            fixes: [
              {
                title: 'Call it after bpf_spin_unlock',
                edits: [{ span: { line: 1, col: 1, endLine: 1, endCol: 1 }, text: '// fixed\n' }],
                verified: true,
              },
            ],
          },
    );
  },
  complete: (_source, line, col) =>
    Promise.resolve([
      {
        label: 'bpf_map_lookup_elem',
        kind: 'helper',
        detail: 'helper 1',
        documentation: 'Looks an element up.',
        insertText: 'bpf_map_lookup_elem',
        replace: { line, col, endLine: line, endCol: col },
      },
    ]),
  hover: (_source, line, col) =>
    Promise.resolve({ span: { line, col, endLine: line, endCol: col + 1 }, contents: ['**hover** `text`'] }),
  definition: () => Promise.resolve(null),
  format: (source) => Promise.resolve(source),
  convert: (text) =>
    Promise.resolve(
      /^\d+: \([0-9a-f]{2}\)/m.test(text)
        ? { dialect: 'a verifier log', source: '.prog tc\nmain:\n\tr0 = 0\n\texit\n', notes: [] }
        : null,
    ),
  release: (run) => {
    steps.delete(run);
    return Promise.resolve();
  },
};

function result(request: VerifyRequest): VerifyResult {
  const insns = parse(request.source);
  const run = ++runs;
  const call = insns.findIndex((i) => /my_op/.test(i.kernel));
  const flags = request.kfuncFlags['my_op'] ?? 0;
  const bad = call >= 0 && (flags & SAFE) === 0 && !request.source.includes('// fixed') ? call : null;
  const wrong = insns.find((i) => /foo|<img/.test(i.kernel));
  const total =
    insns.length === 0
      ? 0
      : bad !== null
        ? bad + 1
        : insns.length * (request.source.includes('BIG') ? 100_000 : 3);
  steps.set(run, { insns, bad, total });
  const lock = insns.findIndex((i) => /bpf_spin_lock/.test(i.kernel));
  const lanes: LaneSpan[] =
    lock < 0
      ? []
      : [
          {
            kind: 'lock',
            id: 1,
            label: 'm.lock',
            insns: insns.slice(lock + 1, (bad ?? insns.length - 3) + 1).map((i) => i.index),
          },
          { kind: 'ref', id: 2, label: 'task_struct', insns: insns.slice(2, lock + 3).map((i) => i.index) },
          { kind: 'rcu', id: 0, label: '', insns: insns.slice(1, 4).map((i) => i.index) },
        ];
  return {
    run,
    verdict: wrong !== undefined ? 'bad-input' : bad === null ? 'accepted' : 'rejected',
    errno: bad === null ? 0 : -22,
    message: bad === null ? '' : 'function calls are not allowed while holding a lock',
    rule: bad === null ? null : 'calls/under-lock',
    failedAt: bad,
    stats: { insns: total, states: 3, peakStates: 2, steps: total, paths: 2, ms: 0.7 },
    insns,
    subprogs: [{ index: 0, name: 'main', start: 0, end: insns.length, global: true }],
    problems:
      wrong === undefined
        ? []
        : [
            {
              span: wrong.span!,
              severity: 'error',
              id: 'asm/unknown',
              message: 'unknown instruction',
              fixes: [{ title: 'Write exit', edits: [{ span: wrong.span!, text: 'exit' }] }],
            },
          ],
    kfuncs:
      call < 0
        ? []
        : [{ name: 'my_op', prototype: 'void my_op(struct val *v)', flags, kernelFlags: 0, invented: true }],
    lanes,
    semantics: [],
    textSemantics: [],
    progType: 'sched_cls',
    logLines: total * 2,
  };
}

Comlink.expose(worker);
