import { describe, expect, test } from 'vitest';
import { createKernelModel } from '../../kernel/model.ts';
import type { Program } from '../../program/program.ts';
import { parseProgramText } from '../../program/text/parse.ts';
import { ObjectError } from '../error.ts';
import { fixture, kernelTypes } from '../object.testkit.ts';
import { openObject } from '../open.ts';
import { extractProgram } from '../program.ts';
import { objectText } from '../text.ts';
import { writeObject } from './write.ts';

async function programOf(source: string): Promise<Program> {
  const { program, problems } = parseProgramText(source, {
    kernel: createKernelModel({ types: await kernelTypes() }),
  });
  if (program === null) throw new Error(problems.map((p) => p.message).join(' '));
  return program;
}

/** The program of an object that was written of a program. */
async function again(program: Program): Promise<Program> {
  const types = await kernelTypes();
  const object = openObject(writeObject(program, types).bytes, 'again.bpf.o');
  return extractProgram(object, object.programs[0], types).program;
}

/** What matters to a verdict; names of data maps tell the object's. */
const essence = (p: Program) => ({
  insns: [...p.insns.toBytes()],
  refs: [...p.refs]
    .sort(([a], [b]) => a - b)
    .map(([i, ref]) => {
      if (ref.kind !== 'map') return [i, ref];
      const { type, keySize, valueSize, maxEntries, flags, data, inner } = p.maps[ref.map];
      const template = inner === null ? null : p.maps[inner].type;
      return [
        i,
        { type, keySize, valueSize, maxEntries, flags, data: data === null ? null : [...data], template },
      ];
    }),
  loaded: [p.progType, p.attachType, p.flags, p.attach, p.license],
  functions: p.funcInfo.map(([at, type]) => [at, p.btf!.type(type).name, p.btf!.type(type).linkage]),
  lines: p.lineInfo.map(([at, file, line, col]) => [at, p.btf!.string(file), p.btf!.string(line), col]),
});

describe('an object of a program', () => {
  test.each([
    ['count', 'count'],
    ['rejected', 'forgets'],
    ['core', 'lost'],
    ['symbols', 'borrow'],
    ['loaders', 'guard'],
    ['loaders', 'loops'],
    ['loaders', 'undo'],
  ])('%s/%s, read again, is that program', async (file, name) => {
    const types = await kernelTypes();
    const object = openObject(fixture(file), `${file}.bpf.o`);
    const chosen = object.programs.find((p) => p.func.name === name)!;
    const program = await programOf(objectText(object, chosen, `${file}.bpf.o`, types).source);
    expect(essence(await again(program))).toEqual(essence(program));
  });

  test('has its jump tables', async () => {
    const program = await programOf(`.prog socket
.jumptable ways first, second
        r1 = ways ll
        r1 = *(u64 *)(r1 + 8)
        gotox r1
first:  r0 = 0
        exit
second: r0 = 1
        exit
`);
    const { refs, insns } = essence(await again(program));
    expect({ refs, insns }).toEqual({ refs: essence(program).refs, insns: essence(program).insns });
  });

  test('says what it does not hold', async () => {
    const program = await programOf(`.prog tc
.license GPL
.unprivileged
.flags strict_alignment
.semantics kf-spin-lock
.c
extern void my_op(int n) __ksym __kf_flags();
.endc
r1 = 1
call my_op
r0 = 0
exit
`);
    const { notes } = writeObject(program, await kernelTypes());
    for (const word of ['0x1', 'privileges', 'kf-spin-lock', 'my_op'])
      expect(notes.join(' ')).toContain(word);
  });

  test.each([
    ['jumps out', 'r0 = 0\nif r1 == 0 goto +2\ncall f\nexit\nf: r0 = 1\nexit\n', 'jumps out'],
    ['calls itself', 'main: r0 = 0\ncall main\nexit\n', 'calls the program itself'],
  ])('a program that %s has none', async (_what, source, sentence) => {
    const program = await programOf(source);
    const types = await kernelTypes();
    expect(() => writeObject(program, types)).toThrow(ObjectError);
    expect(() => writeObject(program, types)).toThrow(sentence);
  });
});
