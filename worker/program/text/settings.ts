import { closest } from '../../asm/diagnostic.ts';
import { isSemantics } from '../../kernel/model.ts';
import type { KernelModel } from '../../kernel/model.ts';
import { kfuncFlag } from '../../kernel/kfunc-flags.ts';
import { attachType } from '../../kernel/prog-types.ts';
import type { Attach } from '../program.ts';
import { SECTION_ROWS, needsTarget, resolveSection } from '../section.ts';
import type { Section } from '../section.ts';
import type { TextDirective } from './split.ts';
import { problemAt } from './problem.ts';
import type { Problem } from './problem.ts';

/** What the directives say about the program as a whole. */
export interface Settings {
  sectionName: string | null;
  section: Section | null;
  name: string | null;
  license: string | null;
  privileged: boolean;
  flags: number;
  /** Load flags that the program is without, even if its section implies them. */
  without: number;
  semantics: string[];
  kfuncFlags: Map<string, number>;
  file: string;
  /** None: the program is loaded without a target, even if its section wants one. */
  attach: Attach | 'none' | null;
  attachType: number | null;
  /** Which debugging information the program carries. */
  info: 'full' | 'func' | 'none';
  /** The directive that gave the section, for problems with its target. */
  sectionAt: TextDirective | null;
}

/** BPF_PROG_LOAD flags by the name that `.flags` takes. */
export const LOAD_FLAGS: ReadonlyMap<string, number> = new Map([
  ['strict_alignment', 1 << 0],
  ['any_alignment', 1 << 1],
  ['test_rnd_hi32', 1 << 2],
  ['test_state_freq', 1 << 3],
  ['sleepable', 1 << 4],
  ['xdp_has_frags', 1 << 5],
  ['xdp_dev_bound_only', 1 << 6],
  ['test_reg_invariants', 1 << 7],
  ['reg_invariants', 1 << 7],
]);
const SEMANTICS_NAMES = ['kf-spin-lock', 'kf-spin-lock-before', 'kf-forbid-fault'];
const DEFAULT_FILE = 'program.bpf';

/** Reads all directives but `.func`, in order; what is wrong goes to `problems`. */
export function readSettings(directives: readonly TextDirective[], kernel: KernelModel, problems: Problem[]): Settings {
  const settings: Settings = {
    sectionName: null,
    section: null,
    name: null,
    license: null,
    privileged: true,
    flags: 0,
    without: 0,
    semantics: [],
    kfuncFlags: new Map(),
    file: DEFAULT_FILE,
    attach: null,
    attachType: null,
    info: 'full',
    sectionAt: null,
  };
  for (const d of directives) READERS[d.name]?.(d, settings, kernel, problems);
  return settings;
}

type Reader = (d: TextDirective, s: Settings, kernel: KernelModel, problems: Problem[]) => void;

function wrong(problems: Problem[], d: TextDirective, id: string, message: string, near: string | null = null): void {
  const { line, col, endCol } = d.textSpan;
  const fix = near === null ? undefined : { title: `Write ${near}`, edits: [{ line, col, endCol, text: near }] };
  problems.push(problemAt(endCol > col ? d.textSpan : d.span, 'error', id, message, fix));
}

function unquote(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text;
}

const words = (text: string): string[] => text.split(/[\s,|]+/).filter((w) => w !== '');

const section: Reader = (d, s, _kernel, problems) => {
  const name = unquote(d.text);
  s.sectionName = name;
  s.sectionAt = d;
  s.section = resolveSection(name);
  if (name === '') wrong(problems, d, 'text-section', `.${d.name} needs a section name as libbpf knows it: tc, xdp, fentry/do_unlinkat, …`);
  else if (s.section === null) {
    const [head] = name.split('/');
    const near = closest(head, SECTION_ROWS.map((r) => r.name));
    wrong(problems, d, 'text-section', `${name} is no section that libbpf knows.`, near === null ? null : near + name.slice(head.length));
  }
};

const READERS: Readonly<Record<string, Reader>> = {
  prog: section,
  section,
  name(d, s, _kernel, problems) {
    if (/^[\w.]{1,15}$/.test(d.text)) s.name = d.text;
    else wrong(problems, d, 'text-name', 'A program’s name has 1 to 15 letters, digits, «_» or «.».');
  },
  license(d, s) {
    s.license = unquote(d.text);
  },
  privileged(d, s, _kernel, problems) {
    if (d.text === '' || d.text === 'yes' || d.text === 'no') s.privileged = d.text !== 'no';
    else wrong(problems, d, 'text-privileged', '.privileged takes yes or no.');
  },
  unprivileged(_d, s) {
    s.privileged = false;
  },
  flags(d, s, _kernel, problems) {
    for (const word of words(d.text)) {
      const bare = word.toLowerCase().replace(/^-?(bpf_f_)?/, '');
      const bit = LOAD_FLAGS.get(bare) ?? (/^(0x[0-9a-f]+|\d+)$/.test(bare) ? Number(bare) : null);
      if (bit === null) {
        wrong(problems, d, 'text-flag', `${word} is no load flag: ${[...LOAD_FLAGS.keys()].join(', ')} are.`);
        continue;
      }
      const off = word.startsWith('-');
      s.flags = (off ? s.flags & ~bit : s.flags | bit) >>> 0;
      s.without = (off ? s.without | bit : s.without & ~bit) >>> 0;
    }
  },
  semantics(d, s, _kernel, problems) {
    for (const word of words(d.text)) {
      if (!isSemantics(word)) {
        wrong(problems, d, 'text-semantics', `${word} is no semantics switch: ${SEMANTICS_NAMES.join(', ')} are.`, closest(word, SEMANTICS_NAMES));
      } else if (!s.semantics.includes(word)) s.semantics.push(word);
    }
  },
  kfunc(d, s, kernel, problems) {
    const [name, ...flags] = words(d.text);
    if (name === undefined) {
      wrong(problems, d, 'text-kfunc', '.kfunc takes a kfunc’s name and its flags: .kfunc bpf_iter_num_new KF_ITER_NEW.');
      return;
    }
    const relative = flags.length > 0 && flags.every((f) => /^[+-]/.test(f));
    const known = kernel.kfunc(name, null);
    if (relative && known === null) {
      wrong(problems, d, 'text-kfunc', `The kernel has no kfunc ${name} whose flags could be changed.`);
      return;
    }
    let value = relative ? (s.kfuncFlags.get(name) ?? known!.flags) : 0;
    for (const flag of flags) {
      const bare = flag.replace(/^[+-]/, '');
      if (bare === '0' || bare === 'none') continue;
      const bit = /^(0x[0-9a-fA-F]+|\d+)$/.test(bare) ? Number(bare) : kfuncFlag(bare);
      if (bit === 0) wrong(problems, d, 'text-kfunc', `${bare} is no kfunc flag.`);
      else value = flag.startsWith('-') ? value & ~bit : value | bit;
    }
    s.kfuncFlags.set(name, value);
  },
  file(d, s, _kernel, problems) {
    const name = unquote(d.text);
    if (name === '' || name.includes('\0')) wrong(problems, d, 'text-file', '.file takes a file name.');
    else s.file = name;
  },
  attach(d, s, _kernel, problems) {
    if (d.text === 'none') {
      s.attach = 'none';
      return;
    }
    const match = /^(func|typedef|struct|prog)\s+(?:(\w+):)?([\w.]+)$/.exec(d.text);
    if (match === null) {
      wrong(problems, d, 'text-attach', '.attach takes none, or func, typedef, struct or prog and a name: .attach struct tcp_congestion_ops.ssthresh.');
      return;
    }
    const [, kind, module, name] = match;
    s.attach = kind === 'prog' ? { kind, id: name } : { kind: kind as 'func' | 'typedef' | 'struct', name, module: module ?? null };
  },
  attach_type(d, s, _kernel, problems) {
    const value = /^\d+$/.test(d.text) ? Number(d.text) : attachType(d.text);
    if (value === null) wrong(problems, d, 'text-attach-type', `${d.text} is no attach type.`);
    else s.attachType = value;
  },
  info(d, s, _kernel, problems) {
    if (d.text === 'full' || d.text === 'func' || d.text === 'none') s.info = d.text;
    else wrong(problems, d, 'text-info', '.info takes full, func or none.');
  },
};

/** Whether the section wants a target that nothing names. */
export function targetMissing(s: Settings): boolean {
  return s.section !== null && needsTarget(s.section.row) && s.section.attach === null && s.attach === null;
}
