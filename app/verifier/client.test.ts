import * as Comlink from 'comlink';
import { afterEach, expect, test } from 'vitest';
import type { VerifierWorker } from '../../worker/protocol.ts';
import { createVerifierClient, VerifierLost } from './client.ts';

type Part = Pick<VerifierWorker, 'step' | 'cancel' | 'release'>;

/** A thread that is a message port: the same traffic without a browser. */
class PortThread extends EventTarget {
  readonly #channel = new MessageChannel();
  terminated = false;

  constructor(serve: Part) {
    super();
    Comlink.expose(serve, this.#channel.port2 as unknown as Comlink.Endpoint);
    this.#channel.port2.start();
    this.#channel.port1.addEventListener('message', (event) =>
      this.dispatchEvent(new MessageEvent('message', { data: (event as MessageEvent).data })),
    );
    this.#channel.port1.start();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (!this.terminated) this.#channel.port1.postMessage(message, transfer as never);
  }

  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
  }
}

const threads: PortThread[] = [];

/** A client on threads that answer with `serve`. */
function clientOn(serve: Part) {
  return createVerifierClient(() => {
    const thread = new PortThread(serve);
    threads.push(thread);
    return thread as unknown as Worker;
  });
}

afterEach(() => {
  for (const thread of threads.splice(0)) thread.terminate();
});

/** Runs that end when told, or when cancelled if they listen. */
function runs(listens: boolean) {
  const begun: number[] = [];
  const ends = new Map<number, (result: never) => void>();
  const serve: Part = {
    step: (run) => {
      begun.push(run);
      return new Promise((resolve) => ends.set(run, resolve));
    },
    cancel: () => {
      if (listens) for (const end of ends.values()) end(null as never);
      return Promise.resolve();
    },
    release: () => Promise.resolve(),
  };
  return { begun, serve, end: (run: number) => ends.get(run)?.(run as never) };
}

const settle = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const start = (run: number) => (worker: VerifierWorker) => worker.step(run, 0) as Promise<unknown>;

test('the newest run wins; those between never begin', async () => {
  const { begun, serve, end } = runs(true);
  const client = clientOn(serve);
  const results = [1, 2, 3].map((run) => client.run(start(run)));
  await settle();
  end(3);
  expect(await Promise.all(results)).toEqual([null, null, 3]);
  expect(begun).toEqual([1, 3]);
  expect(threads).toHaveLength(1);
});

test('a run that does not listen loses its thread', async () => {
  const { begun, serve, end } = runs(false);
  const client = clientOn(serve);
  const first = client.run(start(1));
  await settle();
  const second = client.run(start(2));
  expect(await first).toBeNull();
  await settle();
  end(2);
  expect(await second).toBe(2);
  expect(begun).toEqual([1, 2]);
  expect(threads.map((thread) => thread.terminated)).toEqual([true, false]);
});

test('cancel makes the run under way resolve to null', async () => {
  const { serve } = runs(true);
  const client = clientOn(serve);
  const run = client.run(start(1));
  await settle();
  client.cancel();
  expect(await run).toBeNull();
});

test('a crash rejects what waits, and the next run gets a new thread', async () => {
  const { serve, end } = runs(true);
  const client = clientOn(serve);
  const run = client.run(start(1));
  await settle();
  threads[0]!.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  await expect(run).rejects.toThrow(VerifierLost);
  const again = client.run(start(2));
  await settle();
  end(2);
  expect(await again).toBe(2);
});

test('an error in the answer is the caller’s, and the thread lives on', async () => {
  const client = clientOn({ ...runs(true).serve, release: () => Promise.reject(new Error('no such run')) });
  await expect(client.ask((worker) => worker.release(7))).rejects.toThrow('no such run');
  expect(threads[0]!.terminated).toBe(false);
});
