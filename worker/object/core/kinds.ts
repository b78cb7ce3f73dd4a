/** What a CO-RE relocation asks of the kernel's types (`enum bpf_core_relo_kind`). */
export const CORE_FIELD_BYTE_OFFSET = 0;
export const CORE_FIELD_BYTE_SIZE = 1;
export const CORE_FIELD_EXISTS = 2;
export const CORE_FIELD_SIGNED = 3;
export const CORE_FIELD_LSHIFT_U64 = 4;
export const CORE_FIELD_RSHIFT_U64 = 5;
export const CORE_TYPE_ID_LOCAL = 6;
export const CORE_TYPE_ID_TARGET = 7;
export const CORE_TYPE_EXISTS = 8;
export const CORE_TYPE_SIZE = 9;
export const CORE_ENUMVAL_EXISTS = 10;
export const CORE_ENUMVAL_VALUE = 11;
export const CORE_TYPE_MATCHES = 12;

/** What a relocation is about: a field, a type or a value of an enum. */
export type CoreSubject = 'field' | 'type' | 'enumerator';

const SUBJECTS: readonly CoreSubject[] = [
  'field',
  'field',
  'field',
  'field',
  'field',
  'field',
  'type',
  'type',
  'type',
  'type',
  'enumerator',
  'enumerator',
  'type',
];

/** Null for kinds that libbpf does not know. */
export function subjectOf(kind: number): CoreSubject | null {
  return SUBJECTS[kind] ?? null;
}
