// A small server for the built page, on this machine only.
import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.bpf': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
};
const PACKED = new Set(['.html', '.js', '.css', '.json', '.svg', '.bpf', '.txt', '.md', '.ttf']);

/** Path inside `folder` that a request means, or null if it points outside. */
function target(folder, url) {
  const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path));
  return file === folder || file.startsWith(folder + sep) ? file : null;
}

function handler(folder) {
  const packed = new Map();
  return async (request, response) => {
    const send = (status, text) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'only GET\n');
    try {
      const file = target(folder, request.url ?? '/');
      if (file === null) return send(403, 'outside of the page\n');
      const { mtimeMs } = await stat(file);
      const kind = extname(file);
      const headers = {
        'content-type': TYPES[kind] ?? 'application/octet-stream',
        'cache-control': file.includes(`${sep}assets${sep}`)
          ? 'public, max-age=31536000, immutable'
          : 'no-cache',
        'x-content-type-options': 'nosniff',
      };
      let body = await readFile(file);
      if (PACKED.has(kind) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
        const kept = packed.get(file);
        if (kept?.mtimeMs !== mtimeMs) packed.set(file, { mtimeMs, body: gzipSync(body) });
        body = packed.get(file).body;
        headers['content-encoding'] = 'gzip';
        headers.vary = 'accept-encoding';
      }
      headers['content-length'] = body.length;
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'EISDIR') return send(404, 'not found\n');
      if (error instanceof URIError) return send(400, 'bad address\n');
      console.error(error);
      send(500, 'error\n');
    }
  };
}

/** Serves a folder on 127.0.0.1; takes a free port if the preferred one is in use. Resolves to `{ server, url }`. */
export function serve(folder, preferred = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer(handler(folder));
    server.once('error', (error) => {
      if (error.code !== 'EADDRINUSE' || preferred === 0) return reject(error);
      serve(folder, 0).then(resolve, reject);
    });
    server.listen(preferred, '127.0.0.1', () =>
      resolve({ server, url: `http://127.0.0.1:${server.address().port}/` }),
    );
  });
}
