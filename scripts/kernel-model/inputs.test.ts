import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../worker/cli/usage.ts';
import { readInputs } from './inputs.ts';

const BTF = new URL('../../public/kernel/vmlinux-7.3.4.btf.gz', import.meta.url).pathname;
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'inputs-'));
  mkdirSync(join(dir, 'tree/kernel/bpf'), { recursive: true });
  mkdirSync(join(dir, 'folder'));
  writeFileSync(join(dir, 'tree/kernel/bpf/verifier.c'), '');
  writeFileSync(join(dir, 'kfuncs.json'), '[{"name": "bpf_iter_num_new", "flags": 256, "sets": ["common"]}]');
  writeFileSync(join(dir, 'odd.json'), '[{"name": "a", "flags": 0, "sets": []}, {"name": 3}]');
  writeFileSync(join(dir, 'half.json'), '[{');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const GOOD = { source: 'DIR/tree', btf: BTF, kfuncs: 'DIR/kfuncs.json', version: '7.3.4' };
const read = (given: Readonly<Record<string, string>>): unknown =>
  readInputs(Object.entries(given).flatMap(([name, value]) => [`--${name}`, value.replace('DIR', dir)]));

test('reads what is named', () => {
  expect(read({ ...GOOD, off: 'CONFIG_A,CONFIG_B' })).toMatchObject({
    version: '7.3.4',
    off: new Set(['CONFIG_A', 'CONFIG_B']),
    kfuncs: [{ name: 'bpf_iter_num_new' }],
  });
  expect(readInputs(['--help'])).toBeNull();
});

test.each([
  [{ btf: BTF }, '--version is missing; --help tells what it is'],
  [{ ...GOOD, sorce: 'x' }, 'there is no option --sorce; did you mean --source?'],
  [{ ...GOOD, source: 'DIR/none' }, 'there is no directory DIR/none; an unpacked kernel tree is wanted'],
  [{ ...GOOD, source: 'DIR/folder' }, 'DIR/folder is no kernel tree: it has no kernel/bpf/verifier.c'],
  [{ ...GOOD, btf: 'DIR/none' }, "DIR/none does not exist; the kernel's BTF is wanted"],
  [{ ...GOOD, btf: 'DIR/half.json' }, /^DIR\/half\.json is no BTF: /],
  [{ ...GOOD, kfuncs: 'DIR/half.json' }, /^DIR\/half\.json: no JSON: /],
  [{ ...GOOD, kfuncs: 'DIR/odd.json' }, 'DIR/odd.json: row 1 is not {name, flags, sets, module?}'],
])('%j is told in a sentence', (given, said) => {
  let message = '';
  try {
    read(given as Record<string, string>);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    message = (error as UsageError).message.replaceAll(dir, 'DIR');
  }
  if (typeof said === 'string') expect(message).toBe(said);
  else expect(message).toMatch(said);
});
