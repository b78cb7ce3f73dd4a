import * as Comlink from 'comlink';
import { createSession } from './session/session.ts';

/** The page's folder of kernel data; the worker's script lies one below the page (`assets/`) in a build, and is served from its source folder in development. */
const KERNEL = new URL(import.meta.env.DEV ? '/kernel/' : '../kernel/', self.location.href);

const session = createSession(async (name) => {
  const response = await fetch(new URL(name, KERNEL));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
});

Comlink.expose(session);
