import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { BundleError, bundleProgram, readBundle, writeBundle } from './bundle.ts';
import { hasCorpus, recordedBundles } from './corpus.testkit.ts';

const MINIMAL = { id: 'a', progType: 1, insns: 'b7000000000000009500000000000000' };

describe('bundles', () => {
  it('fills in what a bundle leaves out', () => {
    const { id, program } = bundleProgram(MINIMAL);
    expect(id).toBe('a');
    expect(program).toMatchObject({ progType: 1, attachType: 0, flags: 0, license: 'GPL', privileged: true, maps: [], btf: null, attach: null, semantics: [] });
    expect(program.insns.length).toBe(2);
  });

  it.each([
    ['', 'bundle: text: no JSON'],
    ['[]', 'bundle: bundle: not an object'],
    ['{"progType":1}', 'bundle: insns: not a string'],
    ['{"progType":1,"insns":"b7"}', 'bundle: insns: 1 bytes are no whole number of instructions'],
    ['{"progType":1,"insns":"zz"}', 'bundle: insns: not an even number of hexadecimal digits'],
    ['{"insns":""}', 'bundle: progType: not an integer: undefined'],
    [JSON.stringify({ ...MINIMAL, refs: { 5: { map: 0 } } }), 'bundle: refs[5]: there is no instruction 5'],
    [JSON.stringify({ ...MINIMAL, refs: { 0: { map: 0 } } }), 'bundle: refs[0].map: there is no map 0'],
    [JSON.stringify({ ...MINIMAL, maps: [{ type: 1, keySize: 4, valueSize: 4, maxEntries: 1, inner: 0 }] }), 'bundle: maps[0].inner: map 0 does not come before map 0'],
    [JSON.stringify({ ...MINIMAL, btf: 'btf/x.btf' }), 'bundle: btf: the types are in a file of their own, btf/x.btf, which cannot be read here'],
    [JSON.stringify({ ...MINIMAL, btf: 'base64:AAAA' }), 'bundle: btf: BTF header: 3 bytes are too few for a header of 24'],
    [JSON.stringify({ ...MINIMAL, funcInfo: [[0]] }), 'bundle: funcInfo[0]: not 2 numbers'],
    [JSON.stringify({ ...MINIMAL, attach: { kind: 'x', name: 'y' } }), 'bundle: attach.kind: neither func nor typedef nor struct'],
  ])('says what is wrong with %s', (json, message) => {
    expect(() => readBundle(json)).toThrow(message);
  });

  it('throws nothing but BundleError, whatever is in it', () => {
    const key = fc.constantFrom('id', 'progType', 'insns', 'refs', 'maps', 'btf', 'funcInfo', 'attach', 'semantics', 'invented', 'kfuncFlags', 'map', 'kind', 'name', 'type', 'inner', '0');
    const value = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, -1, 0, 1, 2 ** 40, 0.5, '', 'b700000000000000', 'base64:nQ==', 'x'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(key, tie('json'), { maxKeys: 5 }),
      ),
    })).json;
    fc.assert(
      fc.property(value, (json) => {
        for (const input of [json, typeof json === 'object' && json !== null ? { ...MINIMAL, ...json } : json]) {
          try {
            bundleProgram(input);
          } catch (e) {
            expect(e).toBeInstanceOf(BundleError);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** Without the keys whose value is the default, which need not be written. */
const normal = (json: string): string => json.replace(/,"(keyTypeId|valueTypeId)":0\b/g, '').replace(/,"frozen":false|,"inner":null|,"module":null/g, '');

describe.skipIf(!hasCorpus)('recorded bundles (needs BPF_CORPUS)', () => {
  it('survive reading and writing', () => {
    let count = 0;
    for (const { dir, json } of recordedBundles()) {
      const readFile = (file: string): Uint8Array => new Uint8Array(readFileSync(path.join(dir, file)));
      const { id, program } = bundleProgram(json, readFile);
      const written = writeBundle(id, program);
      if (writeBundle(id, readBundle(written).program) !== written) expect.fail(`${id} changes when read again`);
      const again = JSON.parse(written) as Record<string, unknown>;
      for (const key of ['id', 'progType', 'attachType', 'flags', 'insns', 'name', 'license', 'privileged'] as const) {
        if (again[key] !== json[key]) expect.fail(`${id}: ${key}`);
      }
      for (const key of ['refs', 'funcInfo', 'lineInfo', 'maps'] as const) {
        const want = JSON.stringify(json[key] ?? (key === 'refs' ? {} : []));
        if (normal(JSON.stringify(again[key])) !== normal(want)) expect.fail(`${id}: ${key} ${JSON.stringify(again[key])} is not ${want}`);
      }
      count++;
    }
    expect(count).toBeGreaterThan(4000);
  }, 60_000);
});
