import { describe, expect, test } from 'vitest';
import '../engine/verify.ts';
import { allRules } from '../failure/rule.ts';
import { ruleView } from './rule-index.ts';
import { rulesOfMessage } from './rule-messages.ts';
import { searchRules } from './rule-search.ts';
import { OTHER_TEXTS } from './rules/other-texts.ts';

describe('the index of rules', () => {
  test('nothing sought: every rule, each with words', () => {
    const all = searchRules('');
    expect(all.length).toBe(allRules().length);
    for (const { id } of all) {
      const view = ruleView(id)!;
      expect(view.explanation, id).not.toBe('');
      expect(view.rationale, id).not.toBe('');
      expect(
        view.related.map((one) => one.id),
        id,
      ).not.toContain(id);
    }
  });

  test('nothing sought: what is asked about most stands first, then one area after the other', () => {
    const groups = searchRules('').map((rule) => rule.group);
    expect(groups[0]).toBe('Asked about most');
    const headings = groups.filter((group, at) => group !== groups[at - 1]);
    expect(new Set(headings).size).toBe(headings.length);
    // an area without a title of its own would show its id
    expect(headings.filter((heading) => /^[a-z]/.test(heading))).toEqual([]);
  });

  test.each([
    ["R0 invalid mem access 'map_value_or_null'", 'memory.invalid-access'],
    ["R1 invalid mem access 'scalar'", 'memory.invalid-access'],
    ['R2 !read_ok', 'reg.notReadable'],
    ['R1 type=scalar expected=fp, pkt, pkt_meta', 'call.wrongType'],
    ["R2 min value is negative, either use unsigned or 'var &= const'", 'memory.size-negative'],
    [
      'math between map_value pointer and register with unbounded min value is not allowed',
      'alu.offsetUnbounded',
    ],
    ['R0 pointer arithmetic on map_value_or_null prohibited, null-check it first', 'alu.nullable'],
    ['BPF program is too large. Processed 1000001 insn', 'search.tooLarge'],
    ['infinite loop detected at insn 7', 'search.infiniteLoop'],
    ['back-edge from insn 4 to 1', 'cfg.backEdge'],
    ['The sequence of 8193 jumps is too complex.', 'search.tooManyJumps'],
    ['function calls are not allowed while holding a lock', 'lock.callUnderLock'],
    ['R1 must be a rcu pointer', 'kfunc.notRcu'],
    ['invalid bpf_context access off=0 size=8', 'ctx.invalid-access'],
    ['program of this type cannot use helper bpf_xdp_adjust_head#44', 'call.helperNotForProgram'],
    ['combined stack size of 2 calls is 624. Too large', 'after.combinedStack'],
    ['bpf_spin_lock at off=16 must be held for bpf_rb_root', 'kfunc.lockNotHeld'],
    ['At program exit the register R0 has smin=1 smax=1 should have been in [0, 0]', 'call.valueOutOfRange'],
  ])('%s → %s', (message, id) => {
    expect(rulesOfMessage(message)[0].id).toBe(id);
    expect(searchRules(message)[0].id).toBe(id);
  });

  test('a whole log finds the rule of its last message', () => {
    const log =
      '0: R1=ctx() R10=fp0\n0: (79) r0 = *(u64 *)(r1 +0)\ninvalid bpf_context access off=0 size=8\nprocessed 1 insns (limit 1000000) max_states_per_insn 0';
    expect(searchRules(log)[0].id).toBe('ctx.invalid-access');
  });

  test('other texts lead to rules that there are', () => {
    const ids = new Set(allRules().map((rule) => rule.id));
    expect(Object.keys(OTHER_TEXTS).filter((id) => !ids.has(id))).toEqual([]);
  });

  test.each([
    ['invalid access to packet', 'packet.outside'],
    ["invalid mem access 'scalar'", 'memory.invalid-access'],
    ['invalid access to map value', 'memory.max-outside'],
    ['outside of the allowed memory range', 'memory.min-outside'],
    ['type=… expected=…', 'call.wrongType'],
    ['invalid read from stack', 'stack.read-uninit'],
    ['unbounded memory access', 'memory.unbounded'],
    ['Unreleased reference', 'context.referenceLeak'],
    ['Unreleased reference id=2 alloc_insn=4', 'context.referenceLeak'],
    ['sleepable nofault', 'call.sleepableHelper'],
    ['has to have BTF in order to use bpf_spin_lock', 'context.lockMapWithoutBtf'],
    ['misaligned stack access', 'memory.misaligned'],
    ['exit in a region', 'context.insideSpinLock'],
    ['bpf_spin_unlock is missing', 'context.insideSpinLock'],
    ['unknown func bpf_xdp_adjust_head#44', 'call.helperNotForProgram'],
    ['invalid indirect read from stack R2 off -8+0 size 8', 'stack.range-uninit'],
    ['R0 min value is outside of the array range', 'memory.min-outside'],
  ])('part of a message, or one of an earlier kernel: %s → %s', (message, id) => {
    expect(searchRules(message)[0]?.id).toBe(id);
  });

  test('words and ids', () => {
    expect(searchRules('packet').map((one) => one.id)).toContain('packet.outside');
    expect(searchRules('kptr.store').map((one) => one.id)).toEqual(
      expect.arrayContaining(['kptr.store-ref', 'kptr.store-imm']),
    );
    expect(searchRules('no such words anywhere at all')).toEqual([]);
    expect(ruleView('no.such')).toBeNull();
  });
});
