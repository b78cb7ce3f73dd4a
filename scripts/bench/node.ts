import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadClock } from './clock.ts';
import type { FirstResult, Host } from './host.ts';

const THREAD = fileURLToPath(new URL('node-thread.mjs', import.meta.url));

interface Answer {
  readonly call: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A process that runs the thread's code, and a way to ask it. */
function start(file: string): {
  pid: number;
  ask: (question: object) => Promise<unknown>;
  close: () => Promise<void>;
} {
  const child = fork(THREAD, [file], {
    serialization: 'advanced',
    // not the parent's: that is run by a loader of TypeScript
    execArgv: ['--expose-gc'],
  });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let calls = 0;
  let ended: Error | null = null;
  child.on('message', (message) => {
    const { call, result, error } = message as Answer;
    const asked = waiting.get(call)!;
    waiting.delete(call);
    if (error === undefined) asked.resolve(result);
    else asked.reject(new Error(error));
  });
  const exit = new Promise<void>((resolve) => {
    child.on('exit', (code, signal) => {
      ended = new Error(`Node's thread ended with ${signal ?? code}`);
      for (const { reject } of waiting.values()) reject(ended);
      waiting.clear();
      resolve();
    });
  });
  return {
    pid: child.pid!,
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (ended !== null) {
          reject(ended);
          return;
        }
        const call = ++calls;
        waiting.set(call, { resolve, reject });
        child.send({ ...question, call });
      }),
    async close() {
      child.disconnect();
      await exit;
    },
  };
}

/** Makes the thread's code a file while `use` works with it. */
export async function withCode<T>(code: string, use: (file: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(dir, 'thread.js');
    writeFileSync(file, code);
    return await use(file);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** The benchmark's thread as the main thread of a Node process. */
export async function openNode(file: string, kernel: string, types: readonly string[]): Promise<Host> {
  const { pid, ask, close } = start(file);
  const files = Object.fromEntries(
    types.map((name) => [name, new Uint8Array(readFileSync(join(kernel, name)))]),
  );
  await ask({ kind: 'types', files });
  return {
    name: `Node ${process.versions.node}`,
    clock: threadClock(pid, pid),
    // what comes back is what the thread answers to such a question
    ask: (question: object): Promise<never> => ask(question) as Promise<never>,
    heap: () => ask({ kind: 'heap' }) as Promise<number>,
    close,
  };
}

/** From the start of a Node process to its verdict on a program. */
export async function firstResultsOfNode(
  file: string,
  bundle: string,
  times: number,
): Promise<FirstResult[]> {
  const all: FirstResult[] = [];
  for (let n = 0; n < times; n++) {
    const began = performance.now();
    const { pid, ask, close } = start(file);
    await ask({ kind: 'program', id: 'first', bundle });
    await ask({ kind: 'run', id: 'first', level: 0, trace: false });
    all.push({ wall: performance.now() - began, cpu: threadClock(pid, pid)?.cpu() ?? null });
    await close();
  }
  return all;
}
