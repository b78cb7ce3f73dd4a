import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What the kernel said: a log, or what is stored of a long one. */
export interface RecordedLog {
  /** The whole text, null if only parts of it are stored. */
  readonly text: string | null;
  /** Beginning and end of a text that is not stored whole; empty if nothing of it is. */
  readonly head: string;
  readonly tail: string;
  /** The kernel's buffer was too small for the text: nothing of it is stored. */
  readonly overflowed: boolean;
}

/** One line of a corpus file. */
export interface Recording {
  readonly id: string;
  /** The bundle as stored; see the corpus's description of the form. */
  readonly bundle: Record<string, unknown>;
  /** Directory that relative paths in the bundle start from. */
  readonly dir: string;
  readonly errno: number;
  readonly log1: RecordedLog;
  readonly log2: RecordedLog;
}

export type Subset = 'plain' | 'kfunc' | 'attach' | 'series';
export const SUBSETS: readonly Subset[] = ['plain', 'kfunc', 'attach', 'series'];

/** Files of a corpus directory, sorted. */
export function corpusFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl.gz') || name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(dir, name));
}

/** All recordings of a file. */
export function readRecordings(file: string): Recording[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const dir = file.slice(0, file.length - basename(file).length);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { expect, ...bundle } = JSON.parse(line) as Record<string, unknown> & { expect: Record<string, unknown> };
      const log2 = recordedLog(expect, 'log2');
      const log1 = expect['log1'] === '=' ? log2 : recordedLog(expect, 'log1');
      return { id: String(bundle['id']), bundle, dir, errno: Number(expect['errno']), log1, log2 };
    });
}

function recordedLog(expect: Record<string, unknown>, key: string): RecordedLog {
  const text = expect[key];
  if (typeof text === 'string') return { text, head: '', tail: '', overflowed: false };
  const part = (suffix: string): string => (typeof expect[key + suffix] === 'string' ? String(expect[key + suffix]) : '');
  return { text: null, head: part('Head'), tail: part('Tail'), overflowed: part('Truncated') !== '' };
}

/** Which subset of the corpus a bundle counts in. */
export function subsetOf(bundle: Record<string, unknown>): Subset {
  if (Array.isArray(bundle['semantics']) && bundle['semantics'].length !== 0) return 'series';
  const refs = Object.values((bundle['refs'] ?? {}) as Record<string, object>);
  if (refs.some((ref) => 'kfunc' in ref || 'ksym' in ref)) return 'kfunc';
  return bundle['attach'] === undefined || bundle['attach'] === null ? 'plain' : 'attach';
}
