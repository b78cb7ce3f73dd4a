import { BTF_KIND_FUNC } from '../../btf/btf.ts';
import { structOpsMemberAllowed, structOpsType } from '../../kernel/struct-ops.ts';
import { BPF_F_SLEEPABLE } from '../../program/section.ts';
import type { TextEdit } from '../../protocol.ts';
import { editorOf } from '../edits.ts';
import { targetOf } from '../places/attach.ts';
import type { PlaceCase } from '../places/place-case.ts';
import type { Candidate } from './fix.ts';

/** Names that are tried in place of one that is refused. */
const NEAR = 24;

/** The program attached elsewhere: what the text says of that replaced. */
function attached(c: PlaceCase, section: string, attach: string | null = null): TextEdit[] {
  const editor = editorOf(c);
  return [
    ...editor.setting('attach_type', null),
    ...(attach === null ? editor.setting('attach', null) : editor.setting('attach', attach)),
    ...editor.setting('prog', section),
  ];
}

/** Of functions with results or endings that cannot be seen, the beginning can. */
export function* runBefore(c: PlaceCase): Iterable<Candidate> {
  const name = c.program.attach?.kind === 'func' ? c.program.attach.name : null;
  if (name === null) return;
  const sleeps = (c.program.flags & BPF_F_SLEEPABLE) !== 0 ? '.s' : '';
  yield {
    title: `Run before the function: fentry${sleeps}/${name}`,
    edits: attached(c, `fentry${sleeps}/${name}`),
  };
}

/** Sees the result of a function whose result may not be replaced. */
export function* watchResult(c: PlaceCase): Iterable<Candidate> {
  const name = c.program.attach?.kind === 'func' ? c.program.attach.name : null;
  if (name !== null)
    yield {
      title: `See the result instead of replacing it: fexit/${name}`,
      edits: attached(c, `fexit/${name}`),
    };
}

/** Attaches to a function or tracepoint as what it is. */
export function* asWhatItIs(c: PlaceCase): Iterable<Candidate> {
  const { attach } = c.program;
  if (attach === null || attach.kind === 'prog') return;
  if (attach.kind === 'typedef' && attach.name.startsWith('btf_trace_')) {
    const to = `tp_btf/${attach.name.slice('btf_trace_'.length)}`;
    yield { title: `Attach to the tracepoint: ${to}`, edits: attached(c, to) };
  }
  if (attach.kind === 'func')
    for (const head of ['fentry', 'fexit'])
      yield {
        title: `Attach to the function: ${head}/${attach.name}`,
        edits: attached(c, `${head}/${attach.name}`),
      };
}

/** Leaves the expected attach type to the section. */
export function* withoutAttachType(c: PlaceCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const edits = editor.setting('attach_type', null);
  if (edits.length !== 0) yield { title: 'Let the section say the attach type', edits };
  const target = editor.setting('attach', null);
  if (target.length !== 0)
    yield { title: 'Attach to nothing in the kernel’s types', edits: [...edits, ...target] };
}

/** How much of two names is alike: the share of pairs of letters that they have in common. */
function likeness(a: string, b: string): number {
  const pairs = (name: string): string[] =>
    Array.from({ length: Math.max(0, name.length - 1) }, (_, i) => name.slice(i, i + 2));
  const [of, other] = [pairs(a), pairs(b)];
  const rest = new Set(other);
  return of.filter((pair) => rest.has(pair)).length / Math.max(1, of.length + other.length);
}

/** Names that begin alike, the nearest first. */
function nearNames(c: PlaceCase, name: string): string[] {
  const target = targetOf(c);
  if (target === null) return [];
  const { btf } = target;
  const words = name.split('_').filter((word) => word !== '');
  const lead = /^_*/.exec(name)![0];
  const prefixes = [lead + words.slice(0, 2).join('_'), lead + words[0], words.slice(0, 2).join('_')];
  const found = new Set<string>();
  for (const prefix of prefixes) {
    if (prefix.length < 3 || found.size >= NEAR) continue;
    for (const id of btf.startingWith(prefix, BTF_KIND_FUNC)) found.add(btf.type(id).name);
  }
  found.delete(name);
  return [...found].sort((a, b) => likeness(name, b) - likeness(name, a)).slice(0, NEAR);
}

/** Attaches to a function or hook of a near name. */
export function* nearTarget(c: PlaceCase): Iterable<Candidate> {
  const { attach, section } = c.program;
  if (attach?.kind !== 'func' || section === null) return;
  const [head] = section.split('/');
  for (const name of nearNames(c, attach.name)) {
    const short = head.startsWith('lsm') ? name.replace(/^bpf_lsm_/, '') : name;
    yield { title: `Attach to ${short}`, kind: 'near target', edits: attached(c, `${head}/${short}`) };
  }
}

/** The tracepoints that may fault, for programs that sleep. */
export function* faultableTracepoint(c: PlaceCase): Iterable<Candidate> {
  for (const name of ['sys_enter', 'sys_exit'])
    yield {
      title: `Attach to ${name}, which may fault`,
      kind: 'tracepoint',
      edits: [...attached(c, `tp_btf.s/${name}`), ...editorOf(c).setting('flags', null)],
    };
}

/** Implements a member that programs may implement: the one whose name or prototype is nearest. */
export function* otherMember(c: PlaceCase): Iterable<Candidate> {
  const target = targetOf(c);
  if (target?.attach.kind !== 'struct') return;
  const row = structOpsType(target.attach.name);
  if (row === null) return;
  const editor = editorOf(c);
  const { members } = target.btf.type(target.id);
  const now = members.at(c.program.attachType)?.name ?? '';
  const sleepable = (c.program.flags & BPF_F_SLEEPABLE) !== 0;
  if (row.members.has(now)) {
    const section = (c.program.section ?? 'struct_ops').split('/');
    const head = sleepable ? section[0].replace(/\.s$/, '') : `${section[0]}.s`;
    yield {
      title: sleepable ? 'Let the program not be sleepable' : 'Make the program sleepable',
      edits: [
        ...editor.setting('prog', [head, ...section.slice(1)].join('/')),
        ...editor.setting('flags', null),
      ],
    };
  }
  const known = members
    .filter(({ name }) => name !== now && structOpsMemberAllowed(row, name, sleepable))
    .map(({ name }) => name);
  known.sort((a, b) => likeness(now, b) - likeness(now, a));
  const module = target.attach.module === null ? '' : `${target.attach.module}:`;
  for (const name of known.slice(0, NEAR))
    yield {
      title: `Implement ${target.attach.name}.${name}`,
      kind: 'member',
      edits: [
        ...editor.setting('attach_type', null),
        ...editor.setting('attach', `struct ${module}${target.attach.name}.${name}`),
      ],
    };
}

/** A type that may be loaded without privileges. */
export function* unprivilegedType(c: PlaceCase): Iterable<Candidate> {
  for (const to of ['socket', 'cgroup_skb/ingress'])
    yield { title: `Load it as ${to}, which needs no privileges`, kind: 'type', edits: attached(c, to) };
}

/** Binds an XDP program to one device. */
export function* bindToDevice(c: PlaceCase): Iterable<Candidate> {
  yield {
    title: 'Load it for one device: .flags xdp_dev_bound_only',
    edits: editorOf(c).setting('flags', 'xdp_dev_bound_only'),
  };
}
