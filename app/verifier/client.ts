import * as Comlink from 'comlink';
import type { VerifierWorker } from '../../worker/protocol.ts';

/** The verifier's thread ended; runs that it held are gone. */
export class VerifierLost extends Error {
  override readonly name = 'VerifierLost';
  constructor(
    /** `restarted`: by us, because it did not listen. */
    readonly how: 'crashed' | 'restarted',
    message: string,
  ) {
    super(message);
  }
}

/** A verifier in a thread of its own that can be interrupted, replaced, and asked. */
export interface VerifierClient {
  /** A run of the verifier. The newest wins: an older one under way is cancelled and resolves to null. */
  run<T>(start: (worker: VerifierWorker) => Promise<T | null>): Promise<T | null>;
  /** Any other question. Rejects with {@link VerifierLost} if the thread ends before it answers. */
  ask<T>(question: (worker: VerifierWorker) => Promise<T>): Promise<T>;
  /** Makes the run under way give up; it resolves to null. */
  cancel(): void;
  /** Ends the thread; the next request starts another. */
  restart(): void;
}

interface Thread {
  readonly worker: Worker;
  readonly remote: VerifierWorker;
  /** Never resolves; rejects when the thread ends. */
  readonly lost: Promise<never>;
  readonly lose: (reason: VerifierLost) => void;
}

interface Job {
  /** Runs on a thread and settles the caller's promise. */
  readonly start: (on: Thread) => Promise<void>;
  readonly giveUp: () => void;
  cancelled: boolean;
}

/** How long a run may take to notice that it was cancelled before its thread is replaced. */
const PATIENCE_MS = 400;

export function createVerifierClient(spawn: () => Worker): VerifierClient {
  let thread: Thread | null = null;
  let current: Job | null = null;
  let queued: Job | null = null;
  let patience: ReturnType<typeof setTimeout> | undefined;

  function start(): Thread {
    const worker = spawn();
    let lose: (reason: VerifierLost) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      lose = reject;
    });
    // Whoever waits races against it; with nobody waiting, a loss is not an unhandled rejection.
    lost.catch(() => undefined);
    const started: Thread = { worker, remote: Comlink.wrap<VerifierWorker>(worker), lost, lose };
    const crash = (message: string): void => end(started, new VerifierLost('crashed', message));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      crash(event.message || 'the verifier could not be started');
    });
    worker.addEventListener('messageerror', () => crash('the verifier sent something unreadable'));
    return started;
  }

  function end(ended: Thread, reason: VerifierLost): void {
    ended.worker.terminate();
    ended.lose(reason);
    if (thread === ended) thread = null;
  }

  function alive(): Thread {
    thread ??= start();
    return thread;
  }

  function pump(): void {
    if (current !== null || queued === null) return;
    current = queued;
    queued = null;
    void current.start(alive()).finally(() => {
      clearTimeout(patience);
      current = null;
      pump();
    });
  }

  function interrupt(): void {
    if (current === null || current.cancelled || thread === null) return;
    current.cancelled = true;
    const on = thread;
    on.remote.cancel().catch(() => undefined);
    patience = setTimeout(
      () => end(on, new VerifierLost('restarted', 'the verifier was restarted')),
      PATIENCE_MS,
    );
  }

  return {
    run(start) {
      return new Promise((resolve, reject) => {
        queued?.giveUp();
        const job: Job = {
          start: (on) =>
            Promise.race([start(on.remote), on.lost]).then(
              (result) => resolve(job.cancelled ? null : result),
              (reason: unknown) =>
                job.cancelled && reason instanceof VerifierLost ? resolve(null) : reject(reason),
            ),
          giveUp: () => resolve(null),
          cancelled: false,
        };
        queued = job;
        interrupt();
        pump();
      });
    },
    ask(question) {
      const on = alive();
      return Promise.race([question(on.remote), on.lost]);
    },
    cancel() {
      queued?.giveUp();
      queued = null;
      interrupt();
    },
    restart() {
      if (thread !== null) end(thread, new VerifierLost('restarted', 'the verifier was restarted'));
    },
  };
}
