import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KernelTypes } from '../kernel/load.ts';
import { ObjectError } from './error.ts';
import { fixture, kernelTypes } from './object.testkit.ts';
import { openObject } from './open.ts';
import { objectText } from './text.ts';

/** Longer than any of these small objects takes, on a machine with much else to do. */
const PATIENCE_MS = 2000;

/** Reads an object and writes all of its programs, as the page does. True if nothing but a sentence was in the way. */
function survives(bytes: Uint8Array, types: KernelTypes): boolean {
  const began = performance.now();
  const telling = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
    }
  };
  telling(() => {
    const object = openObject(bytes, 'damaged.bpf.o');
    for (const program of object.programs)
      telling(() => void objectText(object, program, 'damaged.bpf.o', types));
  });
  return performance.now() - began < PATIENCE_MS;
}

const NAMES = ['count', 'count-big-endian', 'count-linked', 'core', 'symbols', 'loaders'];

/** Values that offsets, sizes and indices go wrong with. */
const WORDS = fc.oneof(
  fc.constantFrom(0, 1, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.nat(300),
  fc.integer({ min: 0, max: 0xffffffff }),
);

describe('damaged objects', () => {
  test.each(NAMES)('%s with words overwritten', async (name) => {
    const types = await kernelTypes();
    const good = fixture(name);
    const places = fc.array(fc.tuple(fc.nat(Math.floor(good.length / 4) - 1), WORDS), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(places, (changes) => {
        const bytes = new Uint8Array(good);
        const view = new DataView(bytes.buffer);
        for (const [word, value] of changes) view.setUint32(word * 4, value, true);
        return survives(bytes, types);
      }),
      { numRuns: 150 },
    );
  });

  test.each(NAMES)('%s with bytes overwritten and its end cut off', async (name) => {
    const types = await kernelTypes();
    const good = fixture(name);
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(changes, fc.nat(40), (bytes, cut) => {
        const damaged = new Uint8Array(good);
        for (const [at, value] of bytes) damaged[at] = value;
        return survives(damaged.subarray(0, damaged.length - cut), types);
      }),
      { numRuns: 150 },
    );
  });

  test('every beginning of an object is told apart from one', () => {
    const good = fixture('count');
    for (let length = 0; length < good.length; length += 13)
      expect(() => openObject(good.subarray(0, length), 'x')).toThrow(ObjectError);
  });
});
