import { describe, expect, test } from 'vitest';
import { BTF_KIND_STRUCT } from '../../btf/btf.ts';
import { extracted, kernelTypes } from '../object.testkit.ts';
import { FAILED_RELOCATION } from './patch.ts';

/** What the program stores at an index of its variable `out`: the constant, or the offset of the load before. */
async function stored(): Promise<(index: number) => number | string> {
  const { program } = await extracted('core', 'fields');
  const { insns } = program;
  return (index) => {
    const store = [...insns.code].findIndex((code, i) => code === 0x7b && insns.off[i] === index * 8);
    const from = insns.src[store];
    for (let i = store - 1; i >= 0; i--) {
      if (insns.code[i] === 0x85) return `call ${insns.imm[i]}`;
      if (insns.dst[i] !== from) continue;
      const kind = insns.code[i] & 7;
      if (kind === 1) return insns.off[i];
      if (insns.code[i] === 0xb7 || insns.code[i] === 0x18) return insns.imm[i];
    }
    return 'nothing';
  };
}

describe('CO-RE relocations', () => {
  test('of fields give the kernel’s offsets and sizes', async () => {
    const btf = (await kernelTypes()).vmlinux;
    const struct = (name: string) => btf.type(btf.find(name, BTF_KIND_STRUCT));
    const offset = (owner: string, member: string): number =>
      struct(owner).members.find((m) => m.name === member)!.bitOffset / 8;
    const out = await stored();
    expect(out(0)).toBe(offset('task_struct', 'pid'));
    expect(out(1)).toBe(offset('task_struct', 'se') + offset('sched_entity', 'exec_start'));
    expect(out(2)).toBe(offset('task_struct', 'comm') + 3);
    expect(out(8)).toBe(16);
    expect(out(6)).toBe(struct('task_struct').size);
  });

  test('say what is there and what is not', async () => {
    const out = await stored();
    expect(out(3)).toBe(0);
    expect(out(5)).toBe(0);
  });

  test('of enumerators give the kernel’s value, whatever the flavour', async () => {
    expect((await stored())(7)).toBe(2);
  });

  test('of bit-fields find them in unnamed members', async () => {
    // pkt_type: the lowest three bits of a byte
    expect((await stored())(10)).toBe(61);
  });

  test('that fail leave libbpf’s invalid call and say of what', async () => {
    expect((await stored())(4)).toBe(`call ${FAILED_RELOCATION}`);
    const { program, notes } = await extracted('core', 'lost');
    expect([...program.insns.imm]).toContain(FAILED_RELOCATION);
    expect(notes.join()).toContain('task_struct.there_is_no_such_field');
  });
});
