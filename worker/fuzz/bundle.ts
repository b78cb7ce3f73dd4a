import { Insns } from '../isa/insns.ts';

/** A bundle as JSON, before anybody has judged it: see `worker/program/bundle.ts` for the form. */
export type Bundle = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly insns: string;
  readonly refs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly maps?: readonly Readonly<Record<string, unknown>>[];
  readonly funcInfo?: readonly (readonly [number, number])[];
  readonly lineInfo?: readonly (readonly [number, number, number, number])[];
};

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function insnsOf(bundle: Bundle): Insns {
  return Insns.fromBytes(fromHex(bundle.insns));
}
