import { mapType } from '../../kernel/map-types.ts';
import type { MapDef } from '../../program/program.ts';
import {
  at,
  directive,
  findText,
  inText,
  insnText,
  spanOf,
  typeSpan,
  unprivileged,
  type PlaceCase,
  type PlaceCauses,
  type PlaceLink,
} from './place-case.ts';

/** The map that an instruction names, null if it names none. */
export function mapAt(c: PlaceCase, insn: number): MapDef | null {
  const ref = c.program.refs.get(insn);
  return ref?.kind === 'map' ? c.program.maps[ref.map] : null;
}

const typeOf = (map: MapDef): string => mapType(map.type)?.name ?? `type ${map.type}`;

/** Where a map is declared. */
function declared(c: PlaceCase, map: MapDef, why: string): PlaceLink {
  const span = c.text.outline.maps.find(({ name }) => name === map.name)?.span;
  return inText(span === undefined ? null : spanOf(span), why);
}

/** The load, and how large what it points into is. */
export function directValue(c: PlaceCase): PlaceCauses {
  const [size, off] = c.args.map((arg) => Number(arg) >>> 0);
  const map = mapAt(c, c.insn);
  if (map === null) return { links: [], missing: null };
  const links: PlaceLink[] = [];
  const variables = c.text.outline.variables.filter(
    ({ section }) => map.name.endsWith(section) || section === map.name,
  );
  const last = [...variables].sort((a, b) => b.offset - a.offset).find(({ offset }) => offset <= off);
  links.push(
    last === undefined
      ? declared(c, map, `${map.name} is a map whose value has ${size} bytes`)
      : inText(
          spanOf(last.span),
          `${last.name} is in ${last.section}, whose ${variables.length === 1 ? 'only variable it is' : 'variables'}${variables.length === 1 ? '' : ' together take'}${variables.length === 1 ? `: ${size}` : ` ${size}`} bytes`,
        ),
  );
  links.push(
    at(
      c.insn,
      `${insnText(c, c.insn)} points ${off > 0x7fffffff ? `${off} (${off | 0} as a signed number)` : off} bytes into it`,
    ),
  );
  return { links, missing: `the offset is smaller than ${size}` };
}

/** What is loaded as a map but is none. */
export function noMap(c: PlaceCase): PlaceCauses {
  const named = findText(c, /__uint\(type/);
  const links =
    c.insn < 0
      ? []
      : [
          at(
            c.insn,
            `${insnText(c, c.insn)} names a map by the number ${c.program.insns.imm[c.insn]}, which the loader never replaced`,
          ),
        ];
  if (c.program.maps.length !== 0)
    links.push(
      inText(
        named,
        `The program has ${c.program.maps.length === 1 ? 'the map' : 'maps:'} ${c.program.maps.map((map) => map.name).join(', ')}`,
      ),
    );
  return { links, missing: 'the number is the descriptor of a map' };
}

/** Needs of map types: where the map is used, declared, and what speaks against it. */
export function mapForProgram(c: PlaceCase): PlaceCauses {
  const { rule } = c.result;
  const map = mapAt(c, c.insn);
  const [what, missing] = NEEDS[rule ?? ''] ?? [null, null];
  if (map === null) return { links: [], missing };
  const links = [
    declared(c, map, `${map.name} is a map of type ${typeOf(map)}${what === null ? '' : ` ${what}`}`),
  ];
  if (what !== null && /lock|list/.test(what)) {
    const field = findText(
      c,
      what.includes('lock') ? /struct bpf_spin_lock\s+\w+/ : /struct bpf_(list_head|rb_root)\s+\w+/,
    );
    if (field !== null) links.push(inText(field, 'Here is the field that it is about'));
  }
  if (rule === 'cfg.arenaNotPermitted') links.push(unprivileged(c));
  else if (rule === 'cfg.sleepableMap')
    links.push(inText(directive(c, 'flags') ?? typeSpan(c), 'The program is loaded as sleepable'));
  else if (rule !== 'cfg.noDirectValue')
    links.push(inText(typeSpan(c), `The program’s type is ${c.result.progType}`));
  links.push(at(c.insn, `${insnText(c, c.insn)} makes the program use it`));
  return { links, missing };
}

const NEEDS: Readonly<Record<string, readonly [what: string | null, missing: string]>> = {
  'cfg.tracingLock': [
    'whose values hold a bpf_spin_lock',
    'the program’s type is none of kprobe, tracepoint, perf_event and raw_tracepoint',
  ],
  'cfg.tracingGraph': [
    'whose values hold a list head or tree root',
    'the program’s type is none of kprobe, tracepoint, perf_event and raw_tracepoint',
  ],
  'cfg.socketFilterLock': ['whose values hold a bpf_spin_lock', 'the program is no socket filter'],
  'cfg.sleepableMap': [
    null,
    'the program may not sleep, or the map is of a type that sleepable programs may use',
  ],
  'cfg.noDirectValue': [
    'whose elements have no fixed address',
    'the map is an array of one element, or the element is looked up by bpf_map_lookup_elem',
  ],
  'cfg.structOpsMap': ['that registers functions with the kernel', 'the map holds data'],
  'cfg.arenaNotPermitted': [null, 'the program has CAP_BPF and CAP_PERFMON'],
  'cfg.insnArrayInit': [null, 'the table is frozen, and all its entries are instructions of the program'],
};

/** Two maps of which there may be one: where each is used first. */
export function oneOfAKind(c: PlaceCase): PlaceCauses {
  const map = mapAt(c, c.insn);
  if (map === null) return { links: [], missing: null };
  const links: PlaceLink[] = [];
  const seen = new Set<MapDef>();
  for (const insn of [...c.program.refs.keys()].sort((a, b) => a - b)) {
    const other = mapAt(c, insn);
    if (other === null || other.type !== map.type || seen.has(other) || insn > c.insn) continue;
    seen.add(other);
    links.push(
      declared(c, other, `${other.name} is a map of type ${typeOf(other)}`),
      at(insn, `${insnText(c, insn)} is the first use of ${other.name}`),
    );
  }
  return { links, missing: `the program uses one map of type ${typeOf(map)}` };
}

/** Entries of a jump table that are no instructions. */
export function tableEntries(c: PlaceCase): PlaceCauses {
  const { insns } = c.program;
  const links: PlaceLink[] = [];
  for (const { name, entries } of c.text.outline.jumpTables)
    for (const entry of entries) {
      const to = (c.text.outline.labels.find((l) => l.name === entry.label)?.slot ?? 0) + entry.addend;
      const why =
        to >= insns.length
          ? `is behind the program’s last instruction, ${insns.length - 1}`
          : to > 0 && insns.code[to - 1] === 0x18
            ? 'is the second half of a wide load'
            : null;
      if (why !== null)
        links.push(inText(spanOf(entry.span), `An entry of ${name} is instruction ${to}, which ${why}`));
    }
  if (c.insn >= 0) links.push(at(c.insn, `${insnText(c, c.insn)} makes the program use the table`));
  return { links, missing: NEEDS['cfg.insnArrayInit'][1] };
}
