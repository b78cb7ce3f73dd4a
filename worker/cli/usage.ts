import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { closest } from '../asm/diagnostic.ts';

/** A command that was called wrongly, or with what it cannot take: one sentence that says what, where and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Exit status of commands that could not do what they were asked to. */
export const BAD_INPUT = 2;

/** The options of a command. Throws {@link UsageError} for those that it does not have. */
export function options<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const known = Object.keys(config.options ?? {});
    const unknown = /^Unknown option '--?([^']+)'/.exec(error.message)?.[1];
    if (unknown === undefined)
      throw new UsageError(`${error.message.split('\n')[0]}; --help explains the options`);
    const near = closest(unknown, known);
    throw new UsageError(
      `there is no option --${unknown}; ${near === null ? '--help lists those that there are' : `did you mean --${near}?`}`,
    );
  }
}

/** One of several words, else a {@link UsageError} that names them. */
export function oneOf<T extends string>(option: string, value: string, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined)
    throw new UsageError(
      `--${option} is ${words.slice(0, -1).join(', ')} or ${words.at(-1)!}, not «${value}»`,
    );
  return found;
}

/** A whole number of at least `least`. */
export function wholeNumber(option: string, value: string, least: number): number {
  if (!/^\d+$/.test(value) || Number(value) < least || !Number.isSafeInteger(Number(value))) {
    throw new UsageError(`--${option} is a whole number from ${least} on, not «${value}»`);
  }
  return Number(value);
}

/** The bytes of a file that was named; `what` says what it should be. */
export function fileBytes(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} ${failure(error)}; ${what} is wanted`);
  }
}

/** The text of a file that was named. */
export function fileText(path: string, what: string): string {
  return textOf(fileBytes(path, what), path, what);
}

/** Bytes of a file as the text that they should be. */
export function textOf(bytes: Buffer, path: string, what: string): string {
  const zero = bytes.indexOf(0);
  if (zero !== -1)
    throw new UsageError(`${path} is not text: there is a zero byte at ${zero}; ${what} is wanted`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${path} is not text in UTF-8; ${what} is wanted`);
  }
}

/** A directory that was named. */
export function directory(path: string, what: string): string {
  if (!existsSync(path)) throw new UsageError(`there is no directory ${path}; ${what} is wanted`);
  if (!statSync(path).isDirectory()) throw new UsageError(`${path} is a file; ${what} is wanted`);
  return path;
}

const FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ENOTDIR: 'does not exist: part of the path is a file',
  ENAMETOOLONG: 'is too long a name',
};

/** What an error of the file system means. Rethrows any other. */
export function failure(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return FAILURES[String(error.code)] ?? `cannot be read (${String(error.code)})`;
}

/**
 * Runs a command and sets the exit status to what it answers. What the user can put right is said in a sentence, with
 * status 2; an error of ours is shown as such, with the same status, since nothing was decided.
 */
export async function run(name: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = BAD_INPUT;
    if (error instanceof UsageError) console.error(`${name}: ${error.message}`);
    else console.error(`${name}: an error of ours, please report it\n`, error);
  }
}
