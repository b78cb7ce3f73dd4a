import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatKernel } from '../failure/format.ts';
import { BTF_KIND_STRUCT } from './btf.ts';
import type { Btf } from './btf.ts';
import { btfBuilder } from './build.ts';
import { cEmitter } from './c/emit.ts';
import { parseC } from './c/unit.ts';
import { kernelBtf } from './kernel-data.testkit.ts';
import { isNocastAlias, structIdsMatch, essentialName } from './match.ts';
import { parseBtf } from './parse.ts';
import { WALK_RCU, WALK_UNTRUSTED, WALK_USER, structAccess } from './struct-access.ts';
import type { AccessResult } from './struct-access.ts';

function types(text: string): Btf {
  const unit = parseC([text.split('\n').map((t, i) => ({ line: i + 1, text: t }))], { constant: () => null, kfuncFlag: () => 0 });
  expect(unit.problems).toEqual([]);
  const builder = btfBuilder();
  const emit = cEmitter(builder);
  for (const s of unit.scope.structs.values()) emit.type(s);
  return builder.finish();
}

const said = (r: AccessResult): string => (r.kind === 'error' ? formatKernel(r.rule.text, r.args) : r.kind);

describe('accesses to a struct', () => {
  const btf = types(`
    struct leaf { int x; struct leaf __rcu *next; };
    struct flex { int n; struct leaf items[]; };
    struct s {
      int a;
      int bits:5, more:11;
      struct leaf __rcu *r;
      char __user *u;
      struct leaf __user *su;
      union { struct leaf *one; long two; } un;
      union { struct leaf *only; };
      char buf[12];
      struct leaf arr[2][2];
      void (*fn)(void);
      int empty[0];
      struct inner { struct leaf first; int second; } in;
    };
  `);
  const s = btf.find('s', BTF_KIND_STRUCT);
  const leaf = btf.find('leaf', BTF_KIND_STRUCT);
  const at = (off: number, size: number, alloc = false): AccessResult => structAccess(btf, s, off, size, alloc, null);
  const off = (name: string): number => btf.type(s).members.find((m) => m.name === name)!.bitOffset / 8;

  it('gives scalars, pointers with their tags, and untrusted memory', () => {
    expect(at(0, 4)).toEqual({ kind: 'scalar' });
    expect(at(off('bits'), 2)).toEqual({ kind: 'scalar' });
    expect(at(off('r'), 8)).toEqual({ kind: 'ptr', typeId: leaf, flags: WALK_RCU, field: 'r' });
    expect(at(off('r'), 8, true)).toEqual({ kind: 'scalar' });
    expect(at(off('u'), 8)).toEqual({ kind: 'ptr-untrusted' });
    expect(at(off('su'), 8)).toMatchObject({ kind: 'ptr', flags: WALK_USER });
    expect(at(off('un'), 8)).toMatchObject({ kind: 'ptr', flags: WALK_UNTRUSTED });
    expect(at(off('un') + 8, 8)).toMatchObject({ kind: 'ptr', flags: 0, field: 'only' });
    expect(at(off('fn'), 8)).toEqual({ kind: 'ptr-untrusted' });
    // Third element of the array, taken as one dimension; its pointer.
    expect(at(off('arr') + 2 * 16 + 8, 8)).toMatchObject({ kind: 'ptr', typeId: leaf, flags: WALK_RCU });
    expect(at(off('in') + 16, 4)).toEqual({ kind: 'scalar' });
    expect(at(off('buf') + 4, 8)).toEqual({ kind: 'scalar' });
  });

  it('refuses with the kernel’s words', () => {
    const size = btf.type(s).size;
    expect(said(at(size, 4))).toBe(`access beyond struct s at off ${size} size 4\n`);
    expect(said(at(off('r') + 4, 4))).toBe(`cannot access ptr member r with moff ${off('r')} in struct s with off ${off('r') + 4} size 4\n`);
    expect(said(at(off('buf') + 8, 8))).toBe(`access beyond the end of member buf (mend:${off('buf') + 12}) in struct s with off ${off('buf') + 8} size 8\n`);
    expect(said(at(0, 8))).toBe('access beyond the end of member a (mend:4) in struct s with off 0 size 8\n');
    expect(said(at(off('bits') + 1, 1))).toBe("struct s doesn't have field at offset 5\n");
  });

  it('follows a flexible array of kernel types only', () => {
    const flex = btf.find('flex', BTF_KIND_STRUCT);
    expect(structAccess(btf, flex, 8 + 16 * 1000 + 8, 8, false, null)).toMatchObject({ kind: 'ptr', typeId: leaf });
    expect(said(structAccess(btf, flex, 8 + 16, 4, true, null))).toBe('access beyond struct flex at off 24 size 4\n');
  });

  it('matches a struct with what it begins with', () => {
    const inner = btf.find('inner', BTF_KIND_STRUCT);
    expect(structIdsMatch(btf, s, off('in'), btf, inner, false, true).match).toBe(true);
    expect(structIdsMatch(btf, s, off('in'), btf, leaf, false, true).match).toBe(true);
    expect(structIdsMatch(btf, s, off('in'), btf, leaf, true, true).match).toBe(false);
    expect(structIdsMatch(btf, inner, 4, btf, leaf, false, true).match).toBe(false);
    const beyond = structIdsMatch(btf, leaf, 100, btf, inner, false, true);
    expect([beyond.match, beyond.log?.args]).toEqual([false, ['leaf', 100, 1]]);
  });

  it('knows names that mean the same or must not be cast', () => {
    expect([essentialName('task_struct___local'), essentialName('a___b___c'), essentialName('plain')]).toEqual(['task_struct', 'a___b', 'plain']);
    const t = types('struct nf_conn { int a; }; struct nf_conn___init { int a; };');
    const [a, b] = [t.find('nf_conn', BTF_KIND_STRUCT), t.find('nf_conn___init', BTF_KIND_STRUCT)];
    expect([isNocastAlias(t, a, t, b), isNocastAlias(t, a, t, a)]).toEqual([true, false]);
  });
});

/** Level-2 logs of the corpora that BPF_CORPUS lists (those of the released kernel). */
function* recordedLogs(): Generator<string> {
  for (const dir of (process.env.BPF_CORPUS ?? '').split(':')) {
    if (dir === '' || !existsSync(dir)) continue;
    for (const file of readdirSync(dir).filter((f) => f.endsWith('.jsonl.gz'))) {
      for (const line of gunzipSync(readFileSync(path.join(dir, file))).toString().split('\n')) {
        if (line === '') continue;
        const bundle = JSON.parse(line) as { semantics?: unknown; expect: { log2: string | null } };
        if (bundle.semantics === undefined && bundle.expect.log2 !== null) yield bundle.expect.log2;
      }
    }
  }
}

const vmlinux = kernelBtf('vmlinux-7.3.4');
describe.skipIf(vmlinux === null || (process.env.BPF_CORPUS ?? '') === '')('recorded walks (needs BPF_KERNEL and BPF_CORPUS)', () => {
  it('touched what the walk says, and were refused with the same words', () => {
    const btf = parseBtf(vmlinux!, { name: 'vmlinux' });
    const LOAD = /^\d+: \((61|69|71|79)\) r(\d) = \*\(u\d+ \*\)\(r(\d) \+(\d+)\)\s*; (.*)$/;
    const REFUSED = /^(?:access beyond struct (\w+) at off (\d+) size (\d+)|cannot access ptr member .* in struct (\w+) with off (\d+) size (\d+))$/;
    const SIZES: Record<string, number> = { 61: 4, 69: 2, 71: 1, 79: 8 };
    const wrong = new Set<string>();
    let loads = 0;
    let refusals = 0;
    for (const log of recordedLogs()) {
      for (const line of log.split('\n')) {
        const load = LOAD.exec(line);
        if (load !== null && load[2] !== load[3]) {
          const base = new RegExp(`\\bR${load[3]}=(?:trusted_|rcu_|untrusted_)?ptr_(\\w+)\\(([^)]*)\\)`).exec(load[5]);
          const result = new RegExp(`\\bR${load[2]}=(\\S+)`).exec(load[5]);
          const id = base === null ? 0 : btf.find(base[1], BTF_KIND_STRUCT);
          if (id === 0 || result === null) continue;
          const got = structAccess(btf, id, Number(load[4]) + Number(/\b(?:imm|off)=(\d+)/.exec(base![2])?.[1] ?? 0), SIZES[load[1]], false, null);
          const want = /^(?:\w+_)?ptr_(?:or_null_)?(\w+)\(/.exec(result[1]);
          const isMem = /mem\(/.test(result[1]);
          const name = got.kind === 'ptr' ? btf.type(got.typeId).name : '';
          loads++;
          const fine = isMem ? got.kind === 'ptr-untrusted' : want !== null ? want[1].endsWith(name) && got.kind === 'ptr' : got.kind === 'scalar';
          if (!fine) wrong.add(`${line}: ${got.kind} ${name}`);
        }
        const refused = REFUSED.exec(line);
        if (refused === null) continue;
        const [name, off, size] = refused[1] !== undefined ? refused.slice(1, 4) : refused.slice(4, 7);
        const id = btf.find(name, BTF_KIND_STRUCT);
        if (id === 0) continue;
        refusals++;
        const text = said(structAccess(btf, id, Number(off), Number(size), false, null));
        if (text !== `${line}\n`) wrong.add(`${line}: ${text}`);
      }
    }
    console.info(`${loads} loads, ${refusals} refusals`);
    expect([...wrong].slice(0, 10)).toEqual([]);
    expect(loads).toBeGreaterThan(500);
  }, 60_000);
});
