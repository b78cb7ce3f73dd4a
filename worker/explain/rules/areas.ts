/** What the areas of rules are about, in the order in which a program meets them. An area is what stands before the dot of a rule's id. */
const AREAS: readonly (readonly [area: string, title: string])[] = [
  ['isa', 'Instructions and their fields'],
  ['cfg', 'Control flow, and what the program declares'],
  ['prototype', 'Prototypes of functions'],
  ['btf', 'Types of the program'],
  ['attach', 'Where the program is attached'],
  ['reg', 'Registers'],
  ['alu', 'Arithmetic'],
  ['branch', 'Comparisons and jumps'],
  ['gotox', 'Jumps through tables'],
  ['load', 'Loads'],
  ['ld-imm', 'Loads of wide constants'],
  ['ld-abs', 'Packet loads of old'],
  ['atomic', 'Atomic operations'],
  ['memory', 'Memory'],
  ['stack', 'The stack'],
  ['stack-arg', 'Arguments on the stack'],
  ['stack-object', 'Objects on the stack'],
  ['ctx', 'The context'],
  ['packet', 'Packets'],
  ['map', 'Maps and their values'],
  ['kptr', 'Kernel pointers in maps'],
  ['object', 'Objects of the kernel'],
  ['call', 'Calls of helpers and functions'],
  ['kfunc', 'Calls of kfuncs'],
  ['context', 'Where a call is allowed'],
  ['lock', 'Locks'],
  ['reference', 'References'],
  ['exit', 'Leaving the program'],
  ['search', 'The search itself'],
  ['after', 'After the walk'],
];

const RANK = new Map(AREAS.map(([area], rank) => [area, rank]));

/** Place of a rule's area in that order; areas without a row come last. */
export function areaRank(rule: string): number {
  return RANK.get(areaOf(rule)) ?? AREAS.length;
}

/** Title of a rule's area. */
export function areaTitle(rule: string): string {
  return AREAS[areaRank(rule)]?.[1] ?? areaOf(rule);
}

function areaOf(rule: string): string {
  return rule.slice(0, rule.indexOf('.'));
}
