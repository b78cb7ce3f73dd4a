// Runs the benchmark's thread in a process of its own; questions come over the process's channel. Argument: the file of its code.
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

let serve = null;
globalThis.addEventListener = (_, listener) => (serve = listener);
globalThis.postMessage = (data) => process.send(data);
runInThisContext(readFileSync(process.argv[2], 'utf8'), { filename: process.argv[2] });

/** Bytes in use after collecting: twice, since what the first finds unused may have held more. */
function heap() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

process.on('message', (data) => {
  if (data.kind === 'heap') process.send({ call: data.call, result: heap() });
  else serve({ data });
});
