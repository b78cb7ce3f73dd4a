import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerifierWorker, VerifyRequest } from '../protocol.ts';
import { createSession } from './session.ts';

const KERNEL = process.env['BPF_KERNEL'] ?? join(import.meta.dirname, '../../public/kernel');

/** A session that reads the kernel's types from the page's folder. */
export function testSession(): VerifierWorker {
  return createSession((name) => Promise.resolve(readFileSync(join(KERNEL, name))));
}

export function request(source: string, more: Partial<VerifyRequest> = {}): VerifyRequest {
  return { source, semantics: null, kfuncFlags: {}, trace: true, ...more };
}

/** Text of one of the page's examples. */
export function example(id: string): string {
  return readFileSync(join(import.meta.dirname, '../../public/examples', `${id}.bpf`), 'utf8');
}
