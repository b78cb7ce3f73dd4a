import { deflateSync, Inflate } from 'fflate';
import { fromBase64url, toBase64url } from './base64url.ts';
import { DICTIONARIES, NEWEST } from './dictionary.ts';

/** Where the walk is to stop. */
export interface SharedStops {
  /** Lines of the program text, ascending. */
  readonly lines: readonly number[];
  readonly watches: readonly string[];
}

/** Most lines and most watches that a link may bring, and the longest watch. */
const MOST_STOPS = 40;
const LONGEST_WATCH = 300;
/** No program has more lines. */
const LAST_LINE = 10_000_000;

/** What a link carries. */
export interface Shared {
  readonly source: string;
  /** Switches in place of those in the text, null: as the text says. */
  readonly semantics: readonly string[] | null;
  readonly kfuncFlags: Readonly<Record<string, number>>;
  readonly step: number | null;
  /** The lesson that it is an answer to. */
  readonly lesson?: string;
  readonly stops?: SharedStops;
}

export type Opened =
  | { readonly kind: 'whole'; readonly content: Shared }
  /** Cut or mistyped: `content` is what could be read, null if nothing. */
  | { readonly kind: 'damaged'; readonly content: Shared | null }
  /** Made by a later version of this page; `content` if it could be read all the same. */
  | { readonly kind: 'newer'; readonly version: number; readonly content: Shared | null };

/**
 * A link's fragment is `v<version>.<base64url>` over `<4 bytes FNV-1a of the text> <raw deflate of the text>`; the text is one
 * line of JSON options (only those that are set), a newline, the source. Options first: what is cut off a link is source.
 */
const FRAGMENT = /^#?v(\d{1,4})\.([\s\S]*)$/;

const encoder = new TextEncoder();

function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

interface Options {
  /** Semantics switches. */
  s?: readonly string[];
  /** Kfunc flags. */
  f?: Readonly<Record<string, number>>;
  /** Selected step. */
  t?: number;
  /** Lesson. */
  l?: string;
  /** Lines with a breakpoint. */
  b?: readonly number[];
  /** Watches. */
  w?: readonly string[];
}

/** The fragment for a link, without `#`. */
export function packLink(shared: Shared): string {
  const options: Options = {};
  if (shared.semantics !== null) options.s = shared.semantics;
  if (Object.keys(shared.kfuncFlags).length > 0) options.f = shared.kfuncFlags;
  if (shared.step !== null) options.t = shared.step;
  if (shared.lesson !== undefined) options.l = shared.lesson;
  const { lines = [], watches = [] } = shared.stops ?? {};
  if (lines.length > 0) options.b = lines;
  if (watches.length > 0) options.w = watches;
  const head = Object.keys(options).length > 0 ? JSON.stringify(options) : '';
  const text = encoder.encode(`${head}\n${shared.source}`);
  const packed = deflateSync(text, { level: 9, dictionary: DICTIONARIES.get(NEWEST)! });
  const bytes = new Uint8Array(4 + packed.length);
  new DataView(bytes.buffer).setUint32(0, checksum(text));
  bytes.set(packed, 4);
  return `v${NEWEST}.${toBase64url(bytes)}`;
}

/** Longest text that a link may unpack to, in bytes: a few kilobytes can be made to stand for gigabytes. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/** Inflates as far as it goes. */
function inflate(packed: Uint8Array, dictionary: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate({ dictionary }, (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
  });
  try {
    // In small pieces, so that what precedes a fault is delivered.
    for (let at = 0; at < packed.length && length <= LONGEST_TEXT; at += 64)
      stream.push(packed.subarray(at, at + 64), at + 64 >= packed.length);
  } catch {
    // What came before the fault is kept; the checksum tells the caller that this is not all.
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The stops in a link; undefined if it has none that can be one. */
function readStops(b: unknown, w: unknown): SharedStops | undefined {
  const rows = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const lines = rows(b).filter(
    (line): line is number =>
      Number.isInteger(line) && (line as number) >= 1 && (line as number) <= LAST_LINE,
  );
  const watches = rows(w).filter(
    (text): text is string => typeof text === 'string' && text.trim() !== '' && text.length <= LONGEST_WATCH,
  );
  if (lines.length === 0 && watches.length === 0) return undefined;
  return {
    lines: [...new Set(lines)].sort((x, y) => x - y).slice(0, MOST_STOPS),
    watches: [...new Set(watches)].slice(0, MOST_STOPS),
  };
}

/** Takes from the options what has the right shape. */
function readOptions(line: string): Omit<Shared, 'source'> {
  let options: unknown = {};
  try {
    if (line !== '') options = JSON.parse(line);
  } catch {
    // Damaged options: none.
  }
  const { s, f, t, l, b, w } = isRecord(options) ? options : {};
  const stops = readStops(b, w);
  const flags = isRecord(f)
    ? Object.entries(f).filter((e): e is [string, number] => Number.isInteger(e[1]))
    : [];
  return {
    semantics: Array.isArray(s) ? s.filter((name): name is string => typeof name === 'string') : null,
    kfuncFlags: Object.fromEntries(flags),
    step: typeof t === 'number' && Number.isInteger(t) && t >= 0 ? t : null,
    ...(typeof l === 'string' && /^[a-z0-9-]{1,40}$/.test(l) ? { lesson: l } : {}),
    ...(stops === undefined ? {} : { stops }),
  };
}

function unpack(
  payload: string,
  dictionary: Uint8Array,
): { readonly content: Shared | null; readonly sound: boolean } {
  const { bytes, whole } = fromBase64url(payload);
  if (bytes.length < 5) return { content: null, sound: false };
  const text = inflate(bytes.subarray(4), dictionary);
  const sound = whole && new DataView(bytes.buffer).getUint32(0) === checksum(text);
  const decoded = new TextDecoder().decode(text);
  const newline = decoded.indexOf('\n');
  if (newline < 0) return { content: null, sound: false };
  const source = decoded.slice(newline + 1);
  if (!sound && source.trim() === '') return { content: null, sound };
  return { content: { source, ...readOptions(decoded.slice(0, newline)) }, sound };
}

/** Reads a fragment; null if it is not a link to a program. */
export function openLink(fragment: string): Opened | null {
  const match = FRAGMENT.exec(fragment);
  if (match === null) return null;
  const version = Number(match[1]);
  const known = DICTIONARIES.get(version);
  const { content, sound } = unpack(match[2]!, known ?? DICTIONARIES.get(NEWEST)!);
  if (known === undefined) return { kind: 'newer', version, content: sound ? content : null };
  return sound && content !== null ? { kind: 'whole', content } : { kind: 'damaged', content };
}
