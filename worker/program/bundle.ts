import type { Btf } from '../btf/btf.ts';
import { BtfError } from '../btf/error.ts';
import { parseBtf } from '../btf/parse.ts';
import { Insns } from '../isa/insns.ts';
import type { Attach, MapDef, Program, Ref } from './program.ts';

/** A bundle that is not one: `where` is a path in the JSON (`maps[2].inner`), `what` the defect. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  constructor(
    readonly where: string,
    readonly what: string,
  ) {
    super(`bundle: ${where}: ${what}`);
  }
}

/** Reads a BTF file that a bundle names by path; only needed for bundles that do not carry their BTF. */
export type ReadFile = (path: string) => Uint8Array;

/** A program and the bundle's id. */
export interface NamedProgram {
  readonly id: string;
  readonly program: Program;
}

const BASE64 = 'base64:';
/** No program has more instructions. */
const INSNS_MAX = 1_000_000;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Reads a bundle from JSON text. Throws {@link BundleError}. */
export function readBundle(json: string, readFile: ReadFile | null = null): NamedProgram {
  let value: Json;
  try {
    value = JSON.parse(json) as Json;
  } catch (e) {
    throw new BundleError('text', `no JSON: ${e instanceof Error ? e.message : String(e)}`);
  }
  return bundleProgram(value, readFile);
}

/** Reads a bundle that is JSON already. Throws {@link BundleError}. */
export function bundleProgram(value: unknown, readFile: ReadFile | null = null): NamedProgram {
  const b = object(value as Json, 'bundle');
  const insns = instructions(text(b, 'insns', 'insns'));
  const btf = types(b, readFile);
  const maps = list(b, 'maps').map((m, i) => mapDef(object(m, `maps[${i}]`), `maps[${i}]`, i));
  const refs = new Map<number, Ref>();
  for (const [key, ref] of Object.entries(b.refs === undefined ? {} : object(b.refs, 'refs'))) {
    const at = `refs[${key}]`;
    const index = Number(key);
    if (!/^\d+$/.test(key) || index >= insns.length) throw new BundleError(at, `there is no instruction ${key}`);
    refs.set(index, reference(object(ref, at), at, maps.length));
  }
  const program: Program = {
    name: optional(b, 'name', ''),
    section: typeof b.section === 'string' ? b.section : null,
    progType: integer(b, 'progType', 'progType'),
    attachType: integer(b, 'attachType', 'attachType', 0),
    flags: integer(b, 'flags', 'flags', 0),
    license: optional(b, 'license', 'GPL'),
    privileged: flag(b, 'privileged', true),
    insns,
    refs,
    maps,
    btf,
    funcInfo: rows(b, 'funcInfo', 2, insns.length) as [number, number][],
    lineInfo: rows(b, 'lineInfo', 4, insns.length) as [number, number, number, number][],
    attach: b.attach === undefined || b.attach === null ? null : attachment(object(b.attach, 'attach')),
    semantics: semantics(b.semantics),
    invented: list(b, 'invented').map((k, i) => {
      const at = `invented[${i}]`;
      const o = object(k, at);
      return { name: text(o, 'name', at), typeId: integer(o, 'typeId', at), flags: integer(o, 'flags', at) };
    }),
    kfuncFlags: new Map(Object.entries(b.kfuncFlags === undefined ? {} : object(b.kfuncFlags, 'kfuncFlags')).map(([k, v]) => [k, number(v, `kfuncFlags.${k}`)])),
  };
  checkTypeIds(program);
  return { id: optional(b, 'id', program.name), program };
}

/** Writes a program as a bundle: one line of JSON that the real kernel's oracle and {@link readBundle} take. */
export function writeBundle(id: string, program: Program): string {
  return JSON.stringify(programBundle(id, program));
}

/** The bundle of a program as plain data. Keys that say nothing are left out. */
export function programBundle(id: string, p: Program): Record<string, unknown> {
  return {
    id,
    ...(p.section === null ? {} : { section: p.section }),
    progType: p.progType,
    attachType: p.attachType,
    flags: p.flags,
    name: p.name,
    license: p.license,
    privileged: p.privileged,
    insns: toHex(p.insns.toBytes()),
    refs: Object.fromEntries([...p.refs].map(([i, ref]) => [i, referenceBundle(ref)])),
    maps: p.maps.map(mapBundle),
    ...(p.btf === null ? {} : { btf: BASE64 + toBase64(p.btf.bytes) }),
    funcInfo: p.funcInfo,
    lineInfo: p.lineInfo,
    ...(p.attach === null ? {} : { attach: attachBundle(p.attach) }),
    ...(p.semantics.length === 0 ? {} : { semantics: p.semantics }),
    ...(p.invented.length === 0 ? {} : { invented: p.invented }),
    ...(p.kfuncFlags.size === 0 ? {} : { kfuncFlags: Object.fromEntries(p.kfuncFlags) }),
  };
}

function referenceBundle(ref: Ref): Record<string, unknown> {
  switch (ref.kind) {
    case 'map':
      return { map: ref.map };
    case 'kfunc':
      return { kfunc: ref.name, ...(ref.module === null ? {} : { module: ref.module }) };
    case 'ksym':
      return { ksym: ref.name, kind: ref.symbol, ...(ref.module === null ? {} : { module: ref.module }) };
  }
}

function mapBundle(m: MapDef): Record<string, unknown> {
  return {
    name: m.name,
    type: m.type,
    keySize: m.keySize,
    valueSize: m.valueSize,
    maxEntries: m.maxEntries,
    flags: m.flags,
    ...(m.keyTypeId === 0 && m.valueTypeId === 0 ? {} : { keyTypeId: m.keyTypeId, valueTypeId: m.valueTypeId }),
    ...(m.inner === null ? {} : { inner: m.inner }),
    ...(m.extra === 0n ? {} : { extra: m.extra.toString(16) }),
    ...(m.frozen ? { frozen: true } : {}),
    ...(m.data === null ? {} : { data: toHex(m.data) }),
  };
}

function attachBundle(a: Attach): Record<string, unknown> {
  if (a.kind === 'prog') return { prog: a.id };
  return { kind: a.kind, name: a.name, ...(a.module === null ? {} : { module: a.module }) };
}

// --- reading ---------------------------------------------------------------------------------------------

function object(value: Json, at: string): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new BundleError(at, 'not an object');
  return value;
}

function list(o: JsonObject, key: string): Json[] {
  const value = o[key] ?? [];
  if (!Array.isArray(value)) throw new BundleError(key, 'not a list');
  return value;
}

function number(value: Json | undefined, at: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new BundleError(at, `not an integer: ${JSON.stringify(value)}`);
  return value;
}

function integer(o: JsonObject, key: string, at: string, otherwise?: number): number {
  if (o[key] === undefined && otherwise !== undefined) return otherwise;
  const value = number(o[key], at === key ? key : `${at}.${key}`);
  if (value < 0 || value > 0xffffffff) throw new BundleError(at === key ? key : `${at}.${key}`, `${value} is not in 0..4294967295`);
  return value;
}

function text(o: JsonObject, key: string, at: string): string {
  const value = o[key];
  if (typeof value !== 'string') throw new BundleError(at === key ? key : `${at}.${key}`, 'not a string');
  return value;
}

function optional(o: JsonObject, key: string, otherwise: string): string {
  return o[key] === undefined ? otherwise : text(o, key, key);
}

function flag(o: JsonObject, key: string, otherwise: boolean): boolean {
  const value = o[key] ?? otherwise;
  if (typeof value !== 'boolean') throw new BundleError(key, 'neither true nor false');
  return value;
}

function semantics(value: Json | undefined): string[] {
  if (value === undefined || value === null) return [];
  const names = typeof value === 'string' ? value.split(/[\s,]+/).filter((n) => n !== '') : value;
  if (!Array.isArray(names)) throw new BundleError('semantics', 'not a list');
  return names.map((n, i) => {
    if (typeof n !== 'string') throw new BundleError(`semantics[${i}]`, 'not a string');
    return n;
  });
}

function instructions(hex: string): Insns {
  const bytes = fromHex(hex, 'insns');
  if (bytes.length % 8 !== 0) throw new BundleError('insns', `${bytes.length} bytes are no whole number of instructions`);
  if (bytes.length / 8 > INSNS_MAX) throw new BundleError('insns', `more than ${INSNS_MAX} instructions`);
  return Insns.fromBytes(bytes);
}

function types(b: JsonObject, readFile: ReadFile | null): Btf | null {
  if (b.btf === undefined || b.btf === null || b.btf === '') return null;
  const source = text(b, 'btf', 'btf');
  let bytes: Uint8Array;
  if (source.startsWith(BASE64)) bytes = fromBase64(source.slice(BASE64.length));
  else if (readFile !== null) bytes = readFile(source);
  else throw new BundleError('btf', `the types are in a file of their own, ${source}, which cannot be read here`);
  try {
    return parseBtf(bytes);
  } catch (e) {
    if (e instanceof BtfError) throw new BundleError('btf', e.message);
    throw e;
  }
}

function mapDef(m: JsonObject, at: string, index: number): MapDef {
  const inner = m.inner === undefined || m.inner === null ? null : integer(m, 'inner', at);
  if (inner !== null && inner >= index) throw new BundleError(`${at}.inner`, `map ${inner} does not come before map ${index}`);
  const extra = m.extra === undefined ? '0' : text(m, 'extra', at);
  if (!/^(0x)?[0-9a-fA-F]{1,16}$/.test(extra)) throw new BundleError(`${at}.extra`, 'not a hexadecimal number');
  return {
    name: m.name === undefined ? '' : text(m, 'name', at),
    type: integer(m, 'type', at),
    keySize: integer(m, 'keySize', at),
    valueSize: integer(m, 'valueSize', at),
    maxEntries: integer(m, 'maxEntries', at),
    flags: integer(m, 'flags', at, 0),
    keyTypeId: integer(m, 'keyTypeId', at, 0),
    valueTypeId: integer(m, 'valueTypeId', at, 0),
    inner,
    extra: BigInt(`0x${extra.replace(/^0x/, '')}`),
    frozen: m.frozen === true,
    data: m.data === undefined || m.data === null ? null : fromHex(text(m, 'data', at), `${at}.data`),
  };
}

function reference(ref: JsonObject, at: string, maps: number): Ref {
  const module = ref.module === undefined || ref.module === null ? null : text(ref, 'module', at);
  if (ref.map !== undefined) {
    const map = integer(ref, 'map', at);
    if (map >= maps) throw new BundleError(`${at}.map`, `there is no map ${map}`);
    return { kind: 'map', map };
  }
  if (ref.kfunc !== undefined) return { kind: 'kfunc', name: text(ref, 'kfunc', at), module };
  if (ref.ksym !== undefined) {
    const symbol = ref.kind ?? 'var';
    if (symbol !== 'var' && symbol !== 'func') throw new BundleError(`${at}.kind`, 'neither var nor func');
    return { kind: 'ksym', name: text(ref, 'ksym', at), symbol, module };
  }
  throw new BundleError(at, 'names neither a map nor a kfunc nor a ksym');
}

function attachment(a: JsonObject): Attach {
  if (a.prog !== undefined) return { kind: 'prog', id: String(a.prog as string | number) };
  const kind = a.kind;
  if (kind !== 'func' && kind !== 'typedef' && kind !== 'struct') throw new BundleError('attach.kind', 'neither func nor typedef nor struct');
  return { kind, name: text(a, 'name', 'attach'), module: typeof a.module === 'string' ? a.module : null };
}

/** Rows of numbers. Instruction numbers are checked by the verifier, which has its own words for bad ones. */
function rows(b: JsonObject, key: string, width: number, insns: number): number[][] {
  const all = list(b, key);
  if (all.length > insns + 1) throw new BundleError(key, `${all.length} rows for ${insns} instructions`);
  return all.map((row, i) => {
    if (!Array.isArray(row) || row.length !== width) throw new BundleError(`${key}[${i}]`, `not ${width} numbers`);
    return row.map((n, j) => number(n, `${key}[${i}][${j}]`));
  });
}

function checkTypeIds(p: Program): void {
  const end = p.btf?.nextId ?? 1;
  p.maps.forEach((m, i) => {
    for (const key of ['keyTypeId', 'valueTypeId'] as const) {
      if (m[key] >= end) throw new BundleError(`maps[${i}].${key}`, `there is no type ${m[key]}`);
    }
  });
  p.invented.forEach((k, i) => {
    if (k.typeId >= end) throw new BundleError(`invented[${i}].typeId`, `there is no type ${k.typeId}`);
  });
}

// --- encodings -------------------------------------------------------------------------------------------

function fromHex(hex: string, at: string): Uint8Array {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) throw new BundleError(at, 'not an even number of hexadecimal digits');
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

function fromBase64(source: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(source);
  } catch {
    throw new BundleError('btf', 'not base64');
  }
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
