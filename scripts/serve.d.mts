import type { Server } from 'node:http';

/** Serves a folder on 127.0.0.1; takes a free port if the preferred one is in use. */
export function serve(folder: string, preferred?: number): Promise<{ readonly server: Server; readonly url: string }>;
