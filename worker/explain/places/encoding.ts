import { opRow, type FieldGroup } from '../../isa/table.ts';
import * as op from '../../isa/opcodes.ts';
import { at, insnText, type PlaceCase, type PlaceCauses, type PlaceLink } from './place-case.ts';

const FIELDS = ['dst', 'src', 'off', 'imm'] as const;
type Field = (typeof FIELDS)[number];

/** A field of an instruction and the values that it may have. */
export interface WrongField {
  readonly slot: number;
  readonly field: Field | 'code';
  readonly value: number;
  /** Empty: there is no right value. */
  readonly allowed: readonly number[];
}

/** The fields for which an instruction is refused. */
export function wrongFields({ program: { insns } }: Pick<PlaceCase, 'program'>, insn: number): WrongField[] {
  const row = opRow(insns.code[insn]);
  if (row === null) return [{ slot: insn, field: 'code', value: insns.code[insn], allowed: [] }];
  const registers = wrongRegisters(insns.dst[insn], insns.src[insn], insn);
  if (registers.length !== 0) return registers;
  if (insns.code[insn] === op.OP_LD_IMM64) return wrongWideFields({ insns }, insn);
  const group = row.fields.find(
    ({ when }) =>
      (when?.off === undefined || when.off === insns.off[insn]) &&
      (when?.src === undefined || when.src === insns.src[insn]),
  );
  return group === undefined ? [] : outside(group, insn, (field) => insns[field][insn]);
}

const REGISTERS = Array.from({ length: op.MAX_BPF_REG }, (_, r) => r);

function wrongRegisters(dst: number, src: number, slot: number): WrongField[] {
  const fields = [
    { slot, field: 'dst' as const, value: dst, allowed: REGISTERS },
    { slot, field: 'src' as const, value: src, allowed: REGISTERS },
  ];
  return fields.filter(({ value }) => value >= op.MAX_BPF_REG);
}

function outside(group: FieldGroup, slot: number, valueOf: (field: Field) => number): WrongField[] {
  return FIELDS.flatMap((field) => {
    const allowed = group[field];
    const value = valueOf(field);
    return allowed === undefined || allowed.includes(value) ? [] : [{ slot, field, value, allowed }];
  });
}

/** A wide load: its second slot holds nothing but the upper half of the number. */
function wrongWideFields(
  { insns }: PlaceCase['program'] | { readonly insns: PlaceCase['program']['insns'] },
  insn: number,
): WrongField[] {
  const wrong: WrongField[] = [];
  const next = insn + 1;
  if (next < insns.length)
    for (const field of ['code', 'dst', 'src', 'off'] as const)
      if (insns[field][next] !== 0)
        wrong.push({ slot: next, field, value: insns[field][next], allowed: [0] });
  if (wrong.length !== 0) return wrong;
  if (insns.off[insn] !== 0) return [{ slot: insn, field: 'off', value: insns.off[insn], allowed: [0] }];
  const kind = insns.src[insn];
  if (kind > op.BPF_PSEUDO_MAP_IDX_VALUE)
    return [
      { slot: insn, field: 'src', value: kind, allowed: REGISTERS.slice(0, op.BPF_PSEUDO_MAP_IDX_VALUE + 1) },
    ];
  return next < insns.length && insns.imm[next] !== 0
    ? [{ slot: next, field: 'imm', value: insns.imm[next], allowed: [0] }]
    : [];
}

const NAMES: Readonly<Record<Field | 'code', string>> = {
  code: 'opcode',
  dst: 'first register',
  src: 'second register',
  off: 'offset',
  imm: 'constant',
};

/** The fields of the instruction, and which of them has a value that it may not have. */
export function encoding(c: PlaceCase): PlaceCauses {
  const { insns } = c.program;
  if (c.insn < 0) return { links: [], missing: null };
  const links: PlaceLink[] = [at(c.insn, `${meaning(c)} ${bytes(c, c.insn)}`)];
  const wrong = wrongFields(c, c.insn);
  if (insns.code[c.insn] === op.OP_LD_IMM64 && c.insn + 1 < insns.length)
    links.push(at(c.insn + 1, `Its second half is ${bytes(c, c.insn + 1)}`));
  for (const { slot, field, value, allowed } of wrong)
    if (allowed.length !== 0)
      links.push(at(slot, `The ${NAMES[field]} (${field}) is ${value}, where ${list(allowed)} may stand`));
  return { links, missing: missingOf(c, wrong) };
}

function missingOf(c: PlaceCase, wrong: readonly WrongField[]): string | null {
  if (wrong.length === 0)
    return c.program.insns.code[c.insn] === op.OP_LD_IMM64 ? 'the wide load has a second half' : null;
  if (wrong[0].field === 'code' && wrong[0].allowed.length === 0)
    return 'the opcode is one of those that the kernel knows';
  return wrong
    .map(
      ({ slot, field, allowed }) =>
        `${field}${slot === c.insn ? '' : ` of instruction ${slot}`} is ${list(allowed)}`,
    )
    .join(', and ');
}

const list = (values: readonly number[]): string =>
  values.length > 3 && values.at(-1)! - values[0] === values.length - 1
    ? `${values[0]} to ${values.at(-1)!}`
    : values.join(' or ');

function meaning(c: PlaceCase): string {
  const row = opRow(c.program.insns.code[c.insn]);
  if (row === null) return 'No instruction has this opcode:';
  const text = insnText(c, c.insn);
  return text.startsWith('.8byte') ? `Meant as ${NAME_OF_SHAPE[row.shape] ?? row.shape}:` : `${text} is`;
}

const NAME_OF_SHAPE: Readonly<Record<string, string>> = {
  alu: 'arithmetic',
  mov: 'a copy',
  neg: 'a negation',
  end: 'a change of byte order',
  ld_imm64: 'a wide load',
  ld_abs: 'a load from the packet',
  ld_ind: 'a load from the packet',
  ldx: 'a load',
  st: 'a store of a constant',
  stx: 'a store',
  atomic: 'an atomic operation',
  jump: 'a conditional jump',
  ja: 'a jump',
  gotol: 'a long jump',
  gotox: 'an indirect jump',
  may_goto: 'a may_goto',
  call: 'a call',
  exit: 'an exit',
};

/** An instruction's fields as they are. */
function bytes({ program: { insns } }: PlaceCase, insn: number): string {
  return `opcode 0x${insns.code[insn].toString(16).padStart(2, '0')}, dst ${insns.dst[insn]}, src ${insns.src[insn]}, off ${insns.off[insn]}, imm ${insns.imm[insn]}`;
}
