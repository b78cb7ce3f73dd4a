import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

/**
 * The page keeps a worker and asks it; with `?here` it runs the worker's code itself, where a profiler can see it; with
 * `?idle` it has none, and starts one for each first result.
 */
const PAGE = `<!doctype html><meta charset="utf-8"><title>bench</title><script type="module">
async function here() {
  const code = await (await fetch('/thread.js')).text();
  let serve;
  const thread = { postMessage: (data) => serve({ data }) };
  new Function('addEventListener', 'postMessage', code + '//# sourceURL=/thread.js')((_, f) => (serve = f), (data) => thread.onmessage({ data }));
  return thread;
}
const worker = () => new Worker('/thread.js', { name: 'verifier' });
function asking(thread) {
  const waiting = new Map();
  let calls = 0;
  thread.onmessage = ({ data }) => {
    const { resolve, reject } = waiting.get(data.call);
    waiting.delete(data.call);
    if (data.error !== undefined) reject(new Error(data.error)); else resolve(data.result);
  };
  thread.onerror = (e) => { for (const w of waiting.values()) w.reject(new Error(e.message)); };
  return (question) => new Promise((resolve, reject) => {
    const call = ++calls;
    waiting.set(call, { resolve, reject });
    thread.postMessage({ ...question, call });
  });
}
window.firstResult = async (bundle) => {
  const began = performance.now();
  const thread = worker();
  const ask = asking(thread);
  ask({ kind: 'program', id: 'first', bundle }).catch(() => {});
  await ask({ kind: 'run', id: 'first', level: 0, trace: false });
  const took = performance.now() - began;
  window.endFirst = () => thread.terminate();
  return took;
};
if (location.search !== '?idle') {
  window.ask = asking(location.search === '?here' ? await here() : worker());
  window.loadTypes = async (names) => {
    const files = {};
    for (const name of names) files[name] = new Uint8Array(await (await fetch('/kernel/' + name)).arrayBuffer());
    return window.ask({ kind: 'types', files });
  };
}
</script>`;

/** Serves the page, the thread's code and the kernel's types on a port of this machine. */
export async function serve(code: string, kernel: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/' || path.startsWith('/?'))
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
    else if (path === '/thread.js')
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(code);
    else if (path.startsWith('/kernel/'))
      response
        .writeHead(200, { 'content-type': 'application/octet-stream' })
        .end(readFileSync(join(kernel, path.slice('/kernel/'.length))));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${address.port}/` };
}
