import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of a thread, and of the process that it belongs to; in milliseconds. */
export interface ThreadClock {
  /** That the thread has had a processor. */
  cpu(): number;
  /** The same for the whole process: compiler and collector threads included. */
  processCpu(): number;
}

const runTime = (pid: number, tid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/** The clock of a thread; null where it cannot be read: only Linux tells. */
export function threadClock(pid: number, tid: number): ThreadClock | null {
  try {
    if (Number.isNaN(runTime(pid, tid))) return null;
  } catch {
    return null;
  }
  return {
    cpu: () => runTime(pid, tid),
    processCpu() {
      let sum = 0;
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        try {
          sum += runTime(pid, Number(task));
        } catch {
          // a thread that has ended
        }
      }
      return sum;
    },
  };
}

/** The youngest thread of some processes whose name begins so; null if there is none, or this is not Linux. */
export function namedThread(pids: readonly number[], name: string): ThreadClock | null {
  let latest: { pid: number; tid: number } | null = null;
  for (const pid of pids) {
    try {
      for (const tid of readdirSync(`/proc/${pid}/task`).map(Number))
        if (
          readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').startsWith(name) &&
          (latest === null || tid > latest.tid)
        )
          latest = { pid, tid };
    } catch {
      // not Linux, or a process that has ended
    }
  }
  return latest === null ? null : threadClock(latest.pid, latest.tid);
}
