import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { directory, fileBytes, UsageError } from './usage.ts';

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

/** Files of a corpus directory, sorted. Throws {@link UsageError} if it is none. */
export function corpusFiles(dir: string): string[] {
  const files = readdirSync(directory(dir, 'one with recordings (*.jsonl, *.jsonl.gz)'))
    .filter((name) => name.endsWith('.jsonl.gz') || name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(dir, name));
  if (files.length === 0)
    throw new UsageError(`${dir} has no recordings: no file in it ends in .jsonl or .jsonl.gz`);
  return files;
}

/** All recordings of a file. Throws {@link UsageError} for what is none. */
export function readRecordings(file: string): Recording[] {
  const text = plainText(file);
  const dir = file.slice(0, file.length - basename(file).length);
  return text
    .split('\n')
    .map((line, i) => ({ line, at: `${file}:${i + 1}` }))
    .filter(({ line }) => line !== '')
    .map(({ line, at }) => {
      const { expect, ...bundle } = parseLine(line, at);
      const log2 = recordedLog(expect, 'log2');
      const log1 = expect['log1'] === '=' ? log2 : recordedLog(expect, 'log1');
      return { id: String(bundle['id']), bundle, dir, errno: Number(expect['errno']), log1, log2 };
    });
}

function plainText(file: string): string {
  const bytes = fileBytes(file, 'a file of recordings');
  if (!file.endsWith('.gz')) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (error) {
    throw new UsageError(
      `${file} is no complete gzip file: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function parseLine(
  line: string,
  at: string,
): Record<string, unknown> & { readonly expect: Record<string, unknown> } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new UsageError(`${at}: no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { expect } = (value ?? {}) as { expect?: unknown };
  if (typeof expect !== 'object' || expect === null)
    throw new UsageError(`${at}: no recording: it has no «expect» with what the kernel said`);
  return value as Record<string, unknown> & { readonly expect: Record<string, unknown> };
}

function recordedLog(expect: Record<string, unknown>, key: string): RecordedLog {
  const text = expect[key];
  if (typeof text === 'string') return { text, head: '', tail: '', overflowed: false };
  const part = (suffix: string): string =>
    typeof expect[key + suffix] === 'string' ? String(expect[key + suffix]) : '';
  return { text: null, head: part('Head'), tail: part('Tail'), overflowed: part('Truncated') !== '' };
}

/** Which subset of the corpus a bundle counts in. */
export function subsetOf(bundle: Record<string, unknown>): Subset {
  if (Array.isArray(bundle['semantics']) && bundle['semantics'].length !== 0) return 'series';
  const refs = Object.values((bundle['refs'] ?? {}) as Record<string, object>);
  if (refs.some((ref) => 'kfunc' in ref || 'ksym' in ref)) return 'kfunc';
  return bundle['attach'] === undefined || bundle['attach'] === null ? 'plain' : 'attach';
}
