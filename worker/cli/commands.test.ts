import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const COMMANDS = ['verify', 'conformance', 'fuzz'] as const;
let dir = '';

/** Commands as they are run, bundled once. */
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'commands-'));
  await build({
    entryPoints: COMMANDS.map((name) => join(ROOT, 'worker/cli', `${name}.ts`)),
    outdir: join(dir, 'bin'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  mkdirSync(join(dir, 'folder'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(dir, name), content);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const OBJECT = 'worker/object/fixtures/rejected.bpf.o';
const OK = { id: 'a', progType: 1, insns: 'b7000000000000009500000000000000' };
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'accepted.bpf': 'r0 = 0\nexit\n',
  'rejected.bpf': 'exit\n',
  'leak.bpf':
    '.prog socket\n.c\nstruct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, long); } m SEC(".maps");\n.endc\n' +
    '        *(u32 *)(r10 - 4) = 0\n        r2 = r10\n        r2 += -4\n        r1 = m ll\n        call bpf_map_lookup_elem\n        r0 = *(u64 *)(r0 + 0)\n        exit\n',
  'mistake.bpf': 'r0 = 0\nr0 = \nexit\n',
  'switch.bpf': '.semantics kf-spinlock\nr0 = 0\nexit\n',
  'empty.bpf': ' \n',
  'object.o': Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
  'zeroes.bpf': 'r0 = 0\0exit\n',
  'latin1.bpf': Uint8Array.from([0x72, 0x30, 0xe4]),
  'half.jsonl': '{"id": "a",\n',
  'list.json': '[]\n',
  'ok.jsonl': `${JSON.stringify(OK)}\n`,
  'wide.json': JSON.stringify(OK, null, 2),
  'several.jsonl': `${JSON.stringify(OK)}\n${JSON.stringify({ ...OK, insns: '9500000000000000' })}\n`,
  'odd.jsonl': JSON.stringify({ ...OK, insns: 'b7' }),
  'types.jsonl': JSON.stringify({ ...OK, btf: 'btf/none.btf' }),
  'rules.jsonl': JSON.stringify({ ...OK, semantics: ['kf-none'] }),
  'unknown.jsonl': JSON.stringify({
    ...OK,
    insns: `8520000000000000${OK.insns}`,
    refs: { 0: { kfunc: 'no_such_kfunc' } },
  }),
};

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function command(
  name: (typeof COMMANDS)[number],
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { BPF_CORPUS: _corpus, BPF_KERNEL: _kernel, ...rest } = process.env;
    const child = spawn(
      process.execPath,
      ['--stack-size=4000', join(dir, 'bin', `${name}.mjs`), ...args.map((arg) => arg.replace('DIR', dir))],
      { cwd: ROOT, env: { ...rest, ...env } },
    );
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ status, out: out.replaceAll(dir, 'DIR'), err: err.replaceAll(dir, 'DIR') }),
    );
  });
}

describe('verify', () => {
  test.each([
    [['DIR/accepted.bpf'], 0],
    [['DIR/rejected.bpf'], 1],
    [['DIR/ok.jsonl'], 0],
    [['DIR/wide.json'], 0],
    [['--help'], 0],
  ])('%j ends with %i', async (args, status) => {
    expect(await command('verify', args)).toMatchObject({ status, err: '' });
  });

  test.each([
    [
      ['DIR/none.bpf'],
      'verify: DIR/none.bpf does not exist; a program text, a compiled object or a bundle is wanted\n',
    ],
    [
      ['DIR/folder'],
      'verify: DIR/folder is a directory; a program text, a compiled object or a bundle is wanted\n',
    ],
    [
      ['DIR/accepted.bpf/x'],
      'verify: DIR/accepted.bpf/x does not exist: part of the path is a file; a program text, a compiled object or a bundle is wanted\n',
    ],
    [['DIR/empty.bpf'], 'verify: DIR/empty.bpf is empty; the shortest program is one line, exit\n'],
    [
      ['DIR/object.o'],
      'verify: DIR/object.o: The file is cut off or damaged: its header is not all there.\n',
    ],
    [
      ['DIR/zeroes.bpf'],
      'verify: DIR/zeroes.bpf is not text: there is a zero byte at 6; a program text, a compiled object or a bundle is wanted\n',
    ],
    [
      ['DIR/latin1.bpf'],
      'verify: DIR/latin1.bpf is not text in UTF-8; a program text, a compiled object or a bundle is wanted\n',
    ],
    [
      ['DIR/half.jsonl'],
      /^verify: DIR\/half\.jsonl: no JSON: .+; a bundle is one object of JSON on a line\n$/,
    ],
    [['DIR/list.json'], 'verify: DIR/list.json: bundle: not an object\n'],
    [['DIR/odd.jsonl'], 'verify: DIR/odd.jsonl: insns: 1 bytes are no whole number of instructions\n'],
    [
      ['DIR/types.jsonl'],
      "verify: DIR/btf/none.btf does not exist; the program's BTF, which the bundle names by this path, is wanted\n",
    ],
    [
      ['DIR/rules.jsonl'],
      'verify: DIR/rules.jsonl: semantics: there is no switch «kf-none»; there are kf-spin-lock, kf-spin-lock-before, kf-forbid-fault\n',
    ],
    [['DIR/unknown.jsonl'], /no_such_kfunc/],
    [['DIR/mistake.bpf'], /^DIR\/mistake\.bpf:2:\d+: error: /],
    [['DIR/switch.bpf'], /^DIR\/switch\.bpf:1:12: error: kf-spinlock is no semantics switch: /],
    [[], 'verify: a file is missing: verify FILE; --help tells more\n'],
    [['a', 'b'], 'verify: one file at a time, not 2: verify FILE; --help tells more\n'],
    [['--levle', '1', 'a'], 'verify: there is no option --levle; did you mean --level?\n'],
    [['--frobnicate', 'a'], 'verify: there is no option --frobnicate; --help lists those that there are\n'],
    [['--level', '3', 'a'], 'verify: --level is 1 or 2, not «3»\n'],
    [['a', '--level'], /^verify: .*--level.*; --help explains the options\n$/],
    [
      ['DIR/accepted.bpf', '--semantics', 'kf-none'],
      'verify: --semantics: there is no switch «kf-none»; there are kf-spin-lock, kf-spin-lock-before, kf-forbid-fault\n',
    ],
    [
      ['DIR/accepted.bpf', '--kernel', 'DIR/none'],
      "verify: there is no directory DIR/none; one with the kernel's types is wanted\n",
    ],
    [
      ['public/examples/task-leaked.bpf', '--kernel', 'DIR/folder'],
      /^verify: DIR\/folder\/vmlinux\S* does not exist, and the program needs the kernel's types; --kernel or BPF_KERNEL name their directory\n$/,
    ],
  ])('%j is told in a sentence', async (args, said) => {
    const { status, err } = await command('verify', args);
    expect(status).toBe(2);
    if (typeof said === 'string') expect(err).toBe(said);
    else expect(err).toMatch(said);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('a compiled object with several programs is told apart, and one of them judged', async () => {
    expect(await command('verify', [OBJECT])).toMatchObject({
      status: 2,
      err: `verify: ${OBJECT} has 2 programs; --program names one:\n  forgets  tc\n  checks   tc\n`,
    });
    const nobody = await command('verify', [OBJECT, '--program', 'nobody']);
    expect(nobody).toMatchObject({ status: 2 });
    expect(nobody.err).toContain('has no program nobody:');
    const forgets = await command('verify', [OBJECT, '--program', 'forgets']);
    expect(forgets).toMatchObject({ status: 1, err: '' });
    expect(forgets.out).toContain("R0 invalid mem access 'map_value_or_null'");
    expect(await command('verify', [OBJECT, '--program', 'checks'])).toMatchObject({ status: 0, err: '' });
    expect(await command('verify', ['DIR/accepted.bpf', '--program', 'a'])).toMatchObject({ status: 2 });
  });

  test('judges the first of several bundles and says so', async () => {
    expect(await command('verify', ['DIR/several.jsonl'])).toMatchObject({
      status: 0,
      err: 'verify: DIR/several.jsonl has 2 bundles: this is the first\n',
    });
  });

  test('--json --explain has what scripts read', async () => {
    const { status, out } = await command('verify', ['DIR/leak.bpf', '--explain', '--json']);
    expect(status).toBe(1);
    const said = JSON.parse(out) as Record<string, unknown>;
    expect(said).toMatchObject({
      verdict: 'rejected',
      errno: 13,
      message: "R0 invalid mem access 'map_value_or_null'",
      rule: 'memory.invalid-access',
      explanation: expect.stringMatching(/\.$/) as string,
    });
    const links = said['chain'] as object[];
    expect(links.length).toBeGreaterThan(0);
    for (const link of links)
      expect(link).toEqual({
        step: expect.any(Number) as number,
        insn: expect.any(Number) as number,
        why: expect.any(String) as string,
      });
    const fixes = said['fixes'] as { edit: object[] }[];
    expect(fixes.length).toBeGreaterThan(0);
    for (const fix of fixes) {
      expect(fix).toEqual({
        title: expect.any(String) as string,
        edit: expect.any(Array) as object[],
        verified: true,
      });
      for (const edit of fix.edit)
        expect(Object.keys(edit).sort()).toEqual(['col', 'endCol', 'endLine', 'line', 'text']);
    }
  });

  test('--json says what is wrong with a text', async () => {
    const { status, out } = await command('verify', ['DIR/mistake.bpf', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'bad-input',
      rule: null,
      problems: [{ line: 2, severity: 'error' }],
    });
  });

  test('--json of an accepted program', async () => {
    const { out } = await command('verify', ['DIR/accepted.bpf', '--json', '--explain']);
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'accepted',
      rule: null,
      explanation: expect.any(String) as string,
      fixes: [],
    });
  });
});

describe('conformance', () => {
  const recording = { ...OK, expect: { errno: 0, log2: 'func#0 @0\n', log1: '=' } };

  test('writes the numbers', async () => {
    mkdirSync(join(dir, 'corpus'), { recursive: true });
    writeFileSync(
      join(dir, 'corpus', 'few.jsonl.gz'),
      gzipSync(
        `${JSON.stringify(recording)}\n${JSON.stringify({ ...recording, id: 'b', expect: { ...recording.expect, errno: 22 } })}\n`,
      ),
    );
    const { status } = await command('conformance', [
      '--corpus',
      'DIR/corpus',
      '--json',
      'DIR/numbers.json',
      '--jobs',
      '1',
    ]);
    expect(status).toBe(0);
    const numbers = JSON.parse(readFileSync(join(dir, 'numbers.json'), 'utf8')) as Record<string, unknown>;
    const counts = (total: number, verdict: number) =>
      expect.objectContaining({
        total,
        notModelled: 0,
        verdict,
        errno: verdict,
        message: expect.any(Number) as number,
        stats: expect.any(Number) as number,
        walk: expect.any(Number) as number,
        log1: 0,
        log2: 0,
      }) as object;
    expect(numbers).toEqual({
      kernel: '7.3.4',
      subsets: {
        plain: counts(2, 1),
        kfunc: counts(0, 0),
        attach: counts(0, 0),
        series: counts(0, 0),
        all: counts(2, 1),
      },
      wrongAccepts: ['b'],
      wrongRejects: [],
    });
  });

  test.each([
    [
      ['--corpus', 'DIR/none'],
      'conformance: there is no directory DIR/none; one with recordings (*.jsonl, *.jsonl.gz) is wanted\n',
    ],
    [
      ['--corpus', 'DIR/ok.jsonl'],
      'conformance: DIR/ok.jsonl is a file; one with recordings (*.jsonl, *.jsonl.gz) is wanted\n',
    ],
    [
      ['--corpus', 'DIR/folder'],
      'conformance: DIR/folder has no recordings: no file in it ends in .jsonl or .jsonl.gz\n',
    ],
    [['--corpus', 'DIR'], /^conformance: DIR\/\w+\.jsonl:1: no (JSON|recording): .+\n$/],
    [
      ['--subset', 'none', '--corpus', 'DIR'],
      'conformance: --subset is plain, kfunc, attach, series or all, not «none»\n',
    ],
    [['--list', 'none', '--corpus', 'DIR'], /^conformance: --list is verdict, .* or log2, not «none»\n$/],
    [['--jobs', 'x', '--corpus', 'DIR'], 'conformance: --jobs is a whole number from 1 on, not «x»\n'],
    [['--filtr', 'x'], 'conformance: there is no option --filtr; did you mean --filter?\n'],
  ])('%j is told in a sentence', async (args, said) => {
    const { status, err } = await command('conformance', args);
    expect(status).toBe(2);
    if (typeof said === 'string') expect(err).toBe(said);
    else expect(err).toMatch(said);
  });

  test('has nothing to do without recordings', async () => {
    expect(await command('conformance', [])).toMatchObject({ status: 0, err: '' });
  });
});

describe('fuzz', () => {
  test.each([
    [[], 'fuzz: there is no kernel to ask: --kernel CMD names the command that does; --help tells more\n'],
    [['--kernel', 'x', '--source', 'none'], 'fuzz: --source is generated or mutated, not «none»\n'],
    [['--kernel', 'x', '--count', '0'], 'fuzz: --count is a whole number from 1 on, not «0»\n'],
    [
      ['--kernel', 'x', '--source', 'mutated'],
      'fuzz: there are no recordings to mutate; --corpus or BPF_CORPUS name a directory of recordings\n',
    ],
    [
      ['--kernel', 'DIR/no-such-command', '--count', '1', '--out', 'DIR/out'],
      /^fuzz: the kernel could not be asked: .*ENOENT; --kernel CMD is called as CMD IN\.jsonl OUT\.jsonl\n$/,
    ],
  ])('%j is told in a sentence', async (args, said) => {
    const { status, err } = await command('fuzz', args);
    expect(status).toBe(2);
    if (typeof said === 'string') expect(err).toBe(said);
    else expect(err).toMatch(said);
  });
});
