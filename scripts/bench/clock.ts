import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright';

/** Reads processor time and memory of the browser's worker thread; only Linux tells. */
export class ThreadClock {
  private constructor(
    private readonly pid: number,
    private readonly tid: number,
  ) {}

  static async find(browser: Browser): Promise<ThreadClock | null> {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    for (const { id } of processInfo) {
      try {
        for (const tid of readdirSync(`/proc/${id}/task`)) {
          if (readFileSync(`/proc/${id}/task/${tid}/comm`, 'utf8').startsWith('DedicatedWorker'))
            return new ThreadClock(id, Number(tid));
        }
      } catch {
        // not Linux, or a process that has ended
      }
    }
    return null;
  }

  /** Milliseconds that the thread has had a processor. */
  cpu(): number {
    return Number(readFileSync(`/proc/${this.pid}/task/${this.tid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  }

  /** The same for the whole process: compiler and collector threads included. */
  processCpu(): number {
    let sum = 0;
    for (const tid of readdirSync(`/proc/${this.pid}/task`)) {
      try {
        sum += Number(readFileSync(`/proc/${this.pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
      } catch {
        // a thread that has ended
      }
    }
    return sum;
  }
}
