import type { Source } from '../program.testkit.ts';

/** A program, and the stack that the walk finds its functions to use (by function, bytes). */
export interface AfterCase extends Source {
  readonly stack: readonly number[];
  /** Errno and text of the rejection, as the kernel has them; null if it accepts. */
  readonly refused: readonly [errno: number, text: string] | null;
}

const store = (bytes: number): string => `*(u64 *)(r10 - ${bytes}) = 0`;

export const AFTER_CASES: Readonly<Record<string, AfterCase>> = {
  'two frames that fit': { text: `${store(256)}\ncall f\nexit\nf: ${store(256)}\nr0 = 0\nexit`, stack: [256, 256], refused: null },
  'two frames that do not fit': {
    text: `${store(256)}\ncall f\nexit\nf: ${store(264)}\nr0 = 0\nexit`,
    stack: [256, 264],
    refused: [13, 'combined stack size of 2 calls is 528. Too large\n'],
  },
  'frames are rounded up to 16': {
    text: `${store(264)}\ncall f\nexit\nf: ${store(248)}\nr0 = 0\nexit`,
    stack: [264, 248],
    refused: [13, 'combined stack size of 2 calls is 528. Too large\n'],
  },
  'calls one after the other': { text: `${store(200)}\ncall f\ncall f\nexit\nf: ${store(256)}\nr0 = 0\nexit`, stack: [200, 256], refused: null },
  'three frames': {
    text: `${store(200)}\ncall f\nexit\nf: ${store(200)}\ncall g\nexit\ng: ${store(200)}\nr0 = 0\nexit`,
    stack: [200, 200, 200],
    refused: [13, 'combined stack size of 3 calls is 624. Too large\n'],
  },
  'private stack: each frame for itself': { text: `${store(512)}\ncall f\nexit\nf: ${store(512)}\nr0 = 0\nexit`, progType: 5, stack: [512, 512], refused: null },
  'private stack: small frames share the kernel stack': {
    text: `${store(48)}\ncall f\nexit\nf: ${store(512)}\nr0 = 0\nexit`,
    progType: 5,
    stack: [48, 512],
    refused: null,
  },
  'fastcall spills do not count': {
    text: `r1 = 1\nr2 = 2\n*(u64 *)(r10 - 504) = r2\n*(u64 *)(r10 - 512) = r1\ncall bpf_get_smp_processor_id\nr1 = *(u64 *)(r10 - 512)\nr2 = *(u64 *)(r10 - 504)\ncall f\nexit\nf: ${store(16)}\nr0 = 0\nexit`,
    progType: 3,
    stack: [512, 16],
    refused: null,
  },
  'fastcall spills count if the callee does not keep registers': {
    text: `r1 = 1\nr2 = 2\n*(u64 *)(r10 - 504) = r2\n*(u64 *)(r10 - 512) = r1\ncall bpf_ktime_get_ns\nr1 = *(u64 *)(r10 - 512)\nr2 = *(u64 *)(r10 - 504)\ncall f\nexit\nf: ${store(16)}\nr0 = 0\nexit`,
    stack: [512, 16],
    refused: [13, 'combined stack size of 2 calls is 528. Too large\n'],
  },
};
