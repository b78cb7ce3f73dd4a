import { describe, expect, it } from 'vitest';
import { hasCorpus, recordedBundles } from './corpus.testkit.ts';
import { SECTION_ROWS, resolveSection } from './section.ts';

describe('sections', () => {
  it('resolves targets', () => {
    expect(resolveSection('lsm.s/file_open')).toMatchObject({ progType: 29, attachType: 27, flags: 16, attach: { kind: 'func', name: 'bpf_lsm_file_open', module: null } });
    expect(resolveSection('tp_btf/sched_switch')?.attach).toEqual({ kind: 'typedef', name: 'btf_trace_sched_switch', module: null });
    expect(resolveSection('fentry/nf_nat:nf_nat_setup')?.attach).toEqual({ kind: 'func', name: 'nf_nat_setup', module: 'nf_nat' });
    expect(resolveSection('xdp.frags')).toMatchObject({ progType: 6, attachType: 37, flags: 32, attach: null });
    expect(resolveSection('?tc')?.progType).toBe(3);
    expect(resolveSection('xdp/foo')).toBeNull();
    expect(resolveSection('nonsense')).toBeNull();
  });

  it('has a row for each of libbpf’s', () => {
    expect(SECTION_ROWS.length).toBe(116);
  });
});

describe.skipIf(!hasCorpus)('recorded programs (needs BPF_CORPUS)', () => {
  it('were loaded with what their section says', () => {
    const differing = new Set<string>();
    let seen = 0;
    for (const { json } of recordedBundles()) {
      const section = json.section as string | undefined;
      if (section === undefined || section === '' || section.startsWith('struct_ops')) continue;
      const resolved = resolveSection(section);
      seen++;
      if (resolved === null) {
        differing.add(`${section}: unknown`);
        continue;
      }
      const attach = json.attach as { kind?: string; name?: string } | undefined;
      const want = [json.progType, json.attachType, attach?.kind ?? '', attach?.name ?? ''].join(' ');
      const target = resolved.attach !== null && resolved.attach.kind !== 'prog' ? resolved.attach : null;
      const got = [resolved.progType, resolved.attachType, target?.kind ?? '', target?.name ?? ''].join(' ');
      if (want !== got || ((json.flags as number) & resolved.flags) !== resolved.flags) differing.add(`${section}: ${want} is not ${got}`);
    }
    expect(seen).toBeGreaterThan(3000);
    expect([...differing]).toEqual([]);
  });
});
