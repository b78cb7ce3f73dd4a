/// <reference lib="webworker" />
/**
 * Keeps the page on the device, so that it opens without a network. One cache per build: a page never mixes files of
 * two builds. A newer build waits until the person takes it.
 */
import type { FromPage } from './messages.ts';

declare const self: ServiceWorkerGlobalScope;
/** Filled in by the build: its name, its files, and the kernel's data, which is fetched later. */
declare const BUILD: {
  readonly version: string;
  readonly files: readonly string[];
  readonly later: readonly string[];
};

const PREFIX = 'playground-';
const CACHE = PREFIX + BUILD.version;

const absolute = (file: string): string => new URL(file, self.registration.scope).href;
const KNOWN = new Set([...BUILD.files, ...BUILD.later].map(absolute));
const PAGE = absolute('index.html');

/** Fetches what the cache lacks; files whose names carry their content may come from an older build's cache. */
async function fill(files: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const file of files) {
    const address = absolute(file);
    if ((await cache.match(address)) !== undefined) continue;
    const kept = file.startsWith('assets/') ? await caches.match(address) : undefined;
    if (kept !== undefined) await cache.put(address, kept);
    else
      await cache.add(new Request(address, { cache: file.startsWith('assets/') ? 'default' : 'no-cache' }));
  }
}

async function dropOlder(): Promise<void> {
  for (const name of await caches.keys())
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const address = new URL(request.url);
  address.search = '';
  address.hash = '';
  const file = request.mode === 'navigate' && address.href === self.registration.scope ? PAGE : address.href;
  const kept = await cache.match(file, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok && KNOWN.has(file)) await cache.put(file, response.clone());
  return response;
}

self.addEventListener('install', (event) => event.waitUntil(fill(BUILD.files)));
self.addEventListener('activate', (event) => event.waitUntil(dropOlder().then(() => self.clients.claim())));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(self.registration.scope))
    event.respondWith(answer(request));
});
self.addEventListener('message', (event) => {
  const message = event.data as FromPage;
  if (message === 'take-over') event.waitUntil(self.skipWaiting());
  if (message === 'fetch-later-files') event.waitUntil(fill(BUILD.later));
});
