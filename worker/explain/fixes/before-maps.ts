import { BTF_KIND_FUNC } from '../../btf/btf.ts';
import type { TextEdit } from '../../protocol.ts';
import { editorOf } from '../edits.ts';
import { mapAt } from '../places/maps.ts';
import { directive, findText, type PlaceCase } from '../places/place-case.ts';
import type { Candidate } from './fix.ts';

/** Loads an address inside of the value, however the offset is written. */
export function* offsetInside(c: PlaceCase): Iterable<Candidate> {
  const size = Number(c.args[0]);
  const map = mapAt(c, c.insn);
  if (c.insn < 0 || map === null) return;
  const editor = editorOf(c);
  const text = editor.textOf(c.insn);
  const match = /^(\w+ = [\w.$]+)((?:\[\d+\])?)\s*\+\s*-?(?:0x)?[\da-f]+ ll$/i.exec(text);
  if (match === null) return;
  const last = Math.max(0, Math.floor((size - 1) / 8) * 8);
  for (const off of [...new Set([last, 0])]) {
    const load = `${match[1]}${match[2] === '' && off === 0 ? '+0' : match[2]}${off === 0 ? '' : `+${off}`} ll`;
    yield {
      title: `Stay inside of the value: ${load}`,
      kind: 'offset',
      edits: [editor.replace(c.insn, load)],
    };
  }
}

/** Loads a map where a number stands that is none. */
export function* namedMap(c: PlaceCase): Iterable<Candidate> {
  if (c.insn < 0) return;
  const editor = editorOf(c);
  const dst = `r${c.program.insns.dst[c.insn]}`;
  for (const { name } of c.program.maps)
    yield {
      title: `Name the map: ${dst} = ${name} ll`,
      edits: [editor.replace(c.insn, `${dst} = ${name} ll`)],
    };
  yield* numberInstead(c);
  if (c.program.maps.length !== 0) return;
  yield {
    title: 'Declare a map, and name it',
    edits: [editor.directive(['.c', HASH, '.endc'].join('\n')), editor.replace(c.insn, `${dst} = map ll`)],
    note: 'Its type and the sizes of keys and values are yours to choose.',
  };
}

const HASH =
  'struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, long); __type(value, long); } map SEC(".maps");';

/** Loads the number that stands for nothing as what it is. */
export function* numberInstead(c: PlaceCase): Iterable<Candidate> {
  if (c.insn < 0) return;
  const dst = `r${c.program.insns.dst[c.insn]}`;
  const value = c.program.insns.imm[c.insn];
  const editor = editorOf(c);
  yield {
    title: `Load the number as a number: ${dst} = ${value} ll`,
    edits: [editor.replace(c.insn, `${dst} = ${value} ll`)],
  };
}

/** Loads the map itself, not a place in its value. */
export function* wholeMap(c: PlaceCase): Iterable<Candidate> {
  const map = mapAt(c, c.insn);
  if (map === null) return;
  const load = `r${c.program.insns.dst[c.insn]} = ${map.name} ll`;
  yield {
    title: `Load the map, to look its elements up: ${load}`,
    edits: [editorOf(c).replace(c.insn, load)],
  };
}

/** Uses the first map of a kind wherever the second is used. */
export function* oneMap(c: PlaceCase): Iterable<Candidate> {
  const second = mapAt(c, c.insn);
  if (second === null) return;
  const insns = [...c.program.refs.keys()].sort((a, b) => a - b);
  const first = insns
    .map((insn) => mapAt(c, insn))
    .find((map) => map !== null && map !== second && map.type === second.type);
  if (first === undefined || first === null) return;
  const editor = editorOf(c);
  const replaced = (from: string, to: string): TextEdit[] =>
    insns
      .filter((insn) => mapAt(c, insn)?.name === from)
      .map((insn) => editor.replace(insn, editor.textOf(insn).replace(from, to)));
  yield { title: `Use ${first.name} for both`, edits: replaced(second.name, first.name) };
  yield { title: `Use ${second.name} for both`, edits: replaced(first.name, second.name) };
}

/** Program types that may do what some tracing types may not, by the head of their section. */
const OTHER_TYPES: Readonly<Record<string, readonly string[]>> = {
  kprobe: ['fentry', 'fexit'],
  kretprobe: ['fexit'],
  uprobe: [],
  raw_tp: ['tp_btf'],
  raw_tracepoint: ['tp_btf'],
  tp: ['tp_btf'],
  tracepoint: ['tp_btf'],
};
/** Where programs that name no target of their own are moved to. */
const TARGETS: Readonly<Record<string, string>> = {
  fentry: 'bpf_fentry_test1',
  fexit: 'bpf_fentry_test1',
  tp_btf: 'sched_switch',
};

/** Attaches the program as a type whose programs may use such a map. */
export function* typeForMap(c: PlaceCase): Iterable<Candidate> {
  const section = c.program.section ?? '';
  const [head, ...rest] = section.split('/');
  const editor = editorOf(c);
  const note = 'The context has another layout there: see what the program reads of it.';
  const moved = (to: string): Candidate => ({
    title: `Attach it as ${to}`,
    kind: `type ${to.split('/')[0]}`,
    note,
    edits: [...editor.setting('attach_type', null), ...editor.setting('prog', to)],
  });
  const name = rest.at(-1);
  for (const other of OTHER_TYPES[head.replace(/\.s$/, '')] ?? []) {
    const isKnown =
      name !== undefined &&
      c.model.hasBtf &&
      c.model.btf().find(other === 'tp_btf' ? `__bpf_trace_${name}` : name, BTF_KIND_FUNC) !== 0;
    yield moved(`${other}/${isKnown ? name : TARGETS[other]}`);
  }
  yield moved('tc');
  yield moved('tp_btf/sched_switch');
}

/** Takes the lock out of the map’s values. */
export function* withoutLock(c: PlaceCase): Iterable<Candidate> {
  const span = findText(c, /struct bpf_(spin_lock|list_head|rb_root)\s+\w+[^;]*;/);
  if (span !== null)
    yield {
      title: 'Take the field out of the map’s values',
      lastResort: true,
      edits: [
        { span, text: `char unused[${/spin_lock/.test(c.source.split('\n')[span.line - 1]) ? 4 : 16}];` },
      ],
    };
}

const ARENA =
  'struct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 2); __ulong(map_extra, 0x100000000000); } arena SEC(".maps");';

/** Gives the program an arena: uses the one that it declares, or declares one. */
export function* useArena(c: PlaceCase): Iterable<Candidate> {
  const declared = c.program.maps.find((map) => map.type === 33);
  const editor = editorOf(c);
  const use = editor.before(0, [`r0 = ${declared?.name ?? 'arena'} ll`]);
  const at = directive(c, 'prog', 'section');
  const declaration = ['.c', ARENA, '.endc', ''].join('\n');
  const line = (at?.line ?? 0) + 1;
  yield {
    title: declared === undefined ? 'Give the program an arena' : `Use the arena ${declared.name}`,
    edits:
      declared === undefined
        ? [{ span: { line, col: 1, endLine: line, endCol: 1 }, text: declaration }, use]
        : [use],
    note: 'A program has an arena when an instruction loads its map; any will do.',
  };
}
