import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { BTF_INT_SIGNED, BTF_GLOBAL, btfBuilder } from './build.ts';
import { BTF_KIND_DECL_TAG, BTF_KIND_FUNC, BTF_KIND_INT, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF } from './btf.ts';
import { BtfError } from './error.ts';
import { parseBtf } from './parse.ts';
import { resolveSize, skipModifiers } from './walk.ts';
import { formatFunc, typeName } from './format.ts';
import { corpusBtfs, kernelBtf } from './kernel-data.testkit.ts';

function sample() {
  const b = btfBuilder();
  const int = b.int('int', 4, BTF_INT_SIGNED);
  const node = b.reserveStruct();
  const ptr = b.ptr(node);
  b.defineStruct(node, 'node', false, 16, [
    { name: 'a', type: int, bitOffset: 0, bitSize: 3 },
    { name: 'b', type: int, bitOffset: 3, bitSize: 29 },
    { name: 'next', type: ptr, bitOffset: 64, bitSize: 0 },
  ]);
  const alias = b.typedef('node_t', node);
  const proto = b.funcProto(int, [{ name: 'n', type: b.ptr(b.qualifier('const', alias)) }]);
  const func = b.func('walk', proto, BTF_GLOBAL);
  b.declTag('arg:nonnull', func, 0);
  b.enumeration('big', 8, true, [
    { name: 'MIN', value: -(1n << 63n) },
    { name: 'BIG', value: 1n << 40n },
  ]);
  return b.finish('sample');
}

describe('what is built can be read', () => {
  it('keeps kinds, names, members and tags', () => {
    const btf = sample();
    const id = btf.find('node', BTF_KIND_STRUCT);
    const node = btf.type(id);
    expect(node.members.map((m) => [m.name, m.bitOffset, m.bitSize])).toEqual([
      ['a', 0, 3],
      ['b', 3, 29],
      ['next', 64, 0],
    ]);
    expect(skipModifiers(btf, btf.find('node_t', BTF_KIND_TYPEDEF)).id).toBe(id);
    const func = btf.find('walk', BTF_KIND_FUNC);
    expect(btf.declTags(func)).toEqual([['arg:nonnull', 0]]);
    expect(formatFunc(btf, func)).toBe('int walk(const node_t *n)');
    expect(typeName(btf, node.members[2].type)).toBe('struct node *');
    const big = btf.type(btf.nextId - 1);
    expect(big.enumerators.map((e) => e.value)).toEqual([-(1n << 63n), 1n << 40n]);
    expect(btf.find('walk', BTF_KIND_INT)).toBe(0);
  });

  it('continues the ids and strings of a base', () => {
    const base = sample();
    const own = btfBuilder();
    own.int('module_int', 8, 0);
    // A module's own part: ids are relative to the base only in what they refer to, so an INT stays the same.
    const bytes = own.finish().bytes.slice();
    const view = new DataView(bytes.buffer);
    view.setUint32(24, base.stringEnd + 1, true);
    const split = parseBtf(bytes, { name: 'mod', base });
    expect(split.find('module_int', BTF_KIND_INT)).toBe(base.nextId);
    expect(split.find('node', BTF_KIND_STRUCT)).toBe(base.find('node', BTF_KIND_STRUCT));
    expect(split.type(base.nextId).size).toBe(8);
  });
});

describe('bad data', () => {
  it('names the place and the defect', () => {
    expect(() => parseBtf(new Uint8Array(3))).toThrow('BTF header: 3 bytes are too few');
    const bytes = sample().bytes.slice();
    bytes[0] = 0;
    expect(() => parseBtf(bytes)).toThrow('BTF header: magic is 0xeb00');
  });

  it('finds cycles of modifiers', () => {
    const b = btfBuilder();
    b.typedef('a', 2);
    b.typedef('b', 1);
    expect(() => b.finish()).toThrow(BtfError);
  });

  it('never crashes on damaged bytes: it reads them or throws BtfError', () => {
    const good = sample().bytes;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(good.length),
        (edits, cut) => {
          const bytes = good.slice(0, edits.length === 4 ? cut : good.length);
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
          let btf;
          try {
            btf = parseBtf(bytes);
          } catch (e) {
            expect(e).toBeInstanceOf(BtfError);
            return;
          }
          for (let id = 0; id < btf.nextId; id++) {
            const t = btf.type(id);
            resolveSize(btf, id);
            typeName(btf, id);
            btf.find(t.name, t.kind);
            btf.declTags(id);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const vmlinux = kernelBtf('vmlinux-7.3.4');
describe.skipIf(vmlinux === null)('the kernel (needs BPF_KERNEL)', () => {
  it('is indexed in under 150 ms and answers by name', () => {
    // Processor time, and the best of three: other tests run on the same machine meanwhile.
    const indexed = [1, 2, 3].map(() => {
      const start = process.cpuUsage();
      parseBtf(vmlinux!, { name: 'vmlinux' });
      return process.cpuUsage(start).user / 1000;
    });
    const btf = parseBtf(vmlinux!, { name: 'vmlinux' });
    console.info(`index ${Math.min(...indexed).toFixed(1)} ms, ${btf.nextId} types`);
    expect(btf.type(btf.find('task_struct', BTF_KIND_STRUCT)).members.length).toBeGreaterThan(100);
    expect(Math.min(...indexed)).toBeLessThan(150);
    expect(formatFunc(btf, btf.find('bpf_task_acquire', BTF_KIND_FUNC))).toBe(
      'struct task_struct *bpf_task_acquire(struct task_struct *p)',
    );
  });

  it('decodes and prints every type, finds every name, and reads split modules', () => {
    const btf = parseBtf(vmlinux!, { name: 'vmlinux' });
    const mod = parseBtf(kernelBtf('bpf_testmod-7.3.4')!, { name: 'bpf_testmod', base: btf });
    const lowest = new Map<string, number>();
    for (let id = 1; id < mod.nextId; id++) {
      const t = mod.type(id);
      expect(typeName(mod, id)).not.toBe('');
      if (t.name !== '' && t.kind !== BTF_KIND_DECL_TAG) {
        const key = `${t.kind} ${t.name}`;
        if (!lowest.has(key)) lowest.set(key, id);
      }
    }
    for (const [key, id] of lowest) {
      const [kind, ...name] = key.split(' ');
      if (mod.find(name.join(' '), Number(kind)) !== id)
        expect.fail(`${key}: ${mod.find(name.join(' '), Number(kind))} instead of ${id}`);
    }
    expect(mod.find('bpf_testmod_test_read', BTF_KIND_FUNC)).toBeGreaterThanOrEqual(btf.nextId);
  });
});

const blobs = corpusBtfs();
describe.skipIf(blobs.length === 0)('the BTF of recorded programs (needs BPF_CORPUS)', () => {
  it('is all readable', () => {
    for (const { name, bytes } of blobs) {
      const btf = parseBtf(bytes, { name });
      for (let id = 1; id < btf.nextId; id++) typeName(btf, id);
    }
    expect(blobs.length).toBeGreaterThan(100);
  });
});
