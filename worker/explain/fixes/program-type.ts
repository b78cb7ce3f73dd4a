import { progType } from '../../kernel/prog-types.ts';
import type { ProgTraits } from '../../kernel/prog-traits.ts';
import { SECTION_ROWS, type SectionRow } from '../../program/section.ts';
import { callee, type WalkedCase } from '../context.ts';
import { CTX_READ, CTX_WRITE, ctxIsTyped } from '../../kernel/ctx.ts';
import * as op from '../../isa/opcodes.ts';
import { editorOf } from '../edits.ts';
import type { Candidate } from './fix.ts';

/** Sections tried first where several would do: those that people write most. */
const COMMON: readonly string[] = [
  'tc',
  'xdp',
  'tp_btf',
  'fentry',
  'raw_tp',
  'lsm',
  'cgroup/skb',
  'sk_skb',
  'syscall',
];

/** Sections whose program type differs, by what they pass to the program: the same type of context first. */
function otherSections(c: WalkedCase): SectionRow[] {
  const own = progType(c.program.progType)?.ctxType;
  const rank = (row: SectionRow): number => {
    const at = COMMON.indexOf(row.name);
    return (progType(row.progType)?.ctxType === own ? 0 : 100) + (at < 0 ? COMMON.length : at);
  };
  return SECTION_ROWS.filter((row) => row.name !== c.program.section)
    .map((row) => ({ row, rank: rank(row) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ row }) => row);
}

/** What a program in a section may do; sections that need a target keep the one there is, if it is of the same kind. */
function traitsIn(c: WalkedCase, row: SectionRow): ProgTraits {
  return {
    ...c.env.traits,
    progType: row.progType,
    attachType: row.attachType,
    sleepable: (row.flags & 16) !== 0,
  };
}

/** The section's name with the target of the program's own one. */
function nameIn(c: WalkedCase, row: SectionRow): string | null {
  if (!row.open) return row.name;
  const target = (c.program.section ?? '').split('/').slice(1).join('/');
  if (target === '') return row.target === null ? row.name : null;
  return `${row.name}/${target}`;
}

function* inSections(c: WalkedCase, may: (traits: ProgTraits) => boolean, what: string): Iterable<Candidate> {
  const editor = editorOf(c);
  const types = new Set<number>([c.program.progType]);
  for (const row of otherSections(c)) {
    // attach types of one program type differ little in what they may do
    if (types.has(row.progType) && row.progType !== c.program.progType) continue;
    const name = nameIn(c, row);
    if (name === null || row.progType === 28 || !may(traitsIn(c, row))) continue;
    types.add(row.progType);
    yield {
      kind: 'program type',
      title: `Make it a program of section ${name}: those may ${what}`,
      edits: editor.setting('prog', name),
    };
  }
}

/** Another program type, which may call what this one may not. */
export function* typeThatMayCall(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  const ref = c.program.refs.get(c.insn);
  if (ref?.kind === 'kfunc') {
    const kfunc = c.model.kfunc(ref.name, ref.module);
    if (kfunc !== null) yield* inSections(c, (traits) => c.model.kfuncAllowed(kfunc, traits), `call ${name}`);
  } else if (name !== '') {
    const id = c.program.insns.imm[c.insn];
    yield* inSections(c, (traits) => c.model.helperRefusal(id, traits) === null, `call ${name}`);
  }
}

/** Another program type with the same context, which may read or write what this one may not. */
export function* typeThatMayAccess(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const code = insns.code[c.insn];
  const cls = code & 7;
  const mode = cls === op.BPF_LDX ? CTX_READ : CTX_WRITE;
  const own = progType(c.program.progType)?.ctxType;
  const bytes = op.bytesOfSize(code);
  const may = (traits: ProgTraits): boolean =>
    progType(traits.progType)?.ctxType === own &&
    !ctxIsTyped(traits.progType) &&
    c.model.ctxAccess(traits, insns.off[c.insn], bytes, mode) !== null;
  if (own !== undefined && !ctxIsTyped(c.program.progType))
    yield* inSections(c, may, `${mode === CTX_READ ? 'read' : 'write'} this field`);
}

/** One attach point in place of many, whose arguments are not known. */
export function* oneTarget(c: WalkedCase): Iterable<Candidate> {
  const section = c.program.section ?? '';
  if (!/\.multi(\.s)?\//.test(section)) return;
  const one = section.replace('.multi', '');
  yield {
    title: `Attach to one function, whose arguments are known: ${one}`,
    edits: editorOf(c).setting('prog', one),
  };
}
