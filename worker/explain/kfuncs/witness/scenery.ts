import type { Held } from '../columns.ts';
import { addressOf, stackAt, type Draft, type Load } from './draft.ts';

/** A node that lists and trees hold, with a count of its owners. */
const NODE =
  'struct node { long value; struct bpf_list_node list; struct bpf_rb_node tree; struct bpf_refcount refs; };';
export const LIST_OFFSET = 'node.list';
export const TREE_OFFSET = 'node.tree';

/** Declares what objects of the program's own are made of. */
export function declareNode(draft: Draft): void {
  draft.declare('node', NODE);
}

/** A lock, list and tree in one map value; `which` tells the spin lock's from the resilient lock's. */
export function rootFor(draft: Draft, which: 'spin' | 'res', what: 'list' | 'tree'): Load {
  declareLock(draft, which);
  declareNode(draft);
  const name = which === 'spin' ? what : `res_${what}`;
  const type = what === 'list' ? 'bpf_list_head' : 'bpf_rb_root';
  draft.declare(
    name,
    `private(${which === 'spin' ? 'A' : 'B'}) struct ${type} ${name} __contains(node, ${what});`,
  );
  return addressOf(name);
}

export function declareLock(draft: Draft, which: 'spin' | 'res' | 'other'): string {
  if (which === 'spin') draft.declare('lock', 'private(A) struct bpf_spin_lock lock;');
  else if (which === 'res') draft.declare('res_lock', 'private(B) struct bpf_res_spin_lock res_lock;');
  else draft.declare('other_lock', 'private(C) struct bpf_res_spin_lock other_lock;');
  return which === 'spin' ? 'lock' : which === 'res' ? 'res_lock' : 'other_lock';
}

/** A value of a map of its own with one special field in it. */
export function fieldOf(draft: Draft, into: string[], field: 'bpf_timer' | 'bpf_wq' | 'bpf_task_work'): Load {
  const map = fieldMap(draft, field);
  const key = draft.slot(8);
  into.push(
    `*(u64 *)(r10 - ${-key}) = 0`,
    ...stackAt(key)('r2'),
    ...addressOf(map)('r1'),
    'call bpf_map_lookup_elem',
  );
  return draft.keep(into, null, true).load;
}

/** The map that {@link fieldOf} looks into. */
export function fieldMap(draft: Draft, field: 'bpf_timer' | 'bpf_wq' | 'bpf_task_work'): string {
  const name = `${field.slice(4)}s`;
  draft.declare(
    name,
    `struct ${name}_value { struct ${field} field; };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct ${name}_value);
} ${name} SEC(".maps");`,
  );
  return name;
}

/** Any map. */
export function plainMap(draft: Draft): string {
  draft.declare(
    'counts',
    `struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, long);
} counts SEC(".maps");`,
  );
  return 'counts';
}

export function arenaMap(draft: Draft): string {
  draft.declare(
    'arena',
    `struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 4);
	__ulong(map_extra, 0x1ull << 44);
} arena SEC(".maps");`,
  );
  return 'arena';
}

/** How something is taken and given back. */
export interface Hold {
  readonly enter: readonly string[];
  readonly leave: readonly string[];
  /** Label behind `leave`, used if taking it may fail. */
  readonly past: string | null;
  /** Stack slot of the saved flags or the iterator, 0 if there is none. */
  readonly at: number;
  readonly what: string;
}

const NOTHING: Hold = { enter: [], leave: [], past: null, at: 0, what: '' };

/** Takes what a column says is held. */
export function holding(draft: Draft, held: Held | null): Hold {
  switch (held) {
    case null:
      return NOTHING;
    case 'spin-lock': {
      const load = addressOf(declareLock(draft, 'spin'));
      return {
        ...NOTHING,
        enter: [...load('r1'), 'call bpf_spin_lock'],
        leave: [...load('r1'), 'call bpf_spin_unlock'],
        what: 'the lock is held',
      };
    }
    case 'res-lock': {
      const load = addressOf(declareLock(draft, 'res'));
      const past = draft.label('unlocked');
      return {
        ...NOTHING,
        enter: [...load('r1'), 'call bpf_res_spin_lock', `if r0 != 0 goto ${past}`],
        leave: [...load('r1'), 'call bpf_res_spin_unlock'],
        past,
        what: 'the lock is held',
      };
    }
    case 'res-lock-irq': {
      const load = addressOf(declareLock(draft, 'res'));
      const at = draft.slot(8);
      const past = draft.label('unlocked');
      const args = [...load('r1'), ...stackAt(at)('r2')];
      return {
        enter: [...args, 'call bpf_res_spin_lock_irqsave', `if r0 != 0 goto ${past}`],
        leave: [...args, 'call bpf_res_spin_unlock_irqrestore'],
        past,
        at,
        what: 'the lock is held and interrupts are off',
      };
    }
    case 'rcu':
      return {
        ...NOTHING,
        enter: ['call bpf_rcu_read_lock'],
        leave: ['call bpf_rcu_read_unlock'],
        what: 'an RCU section',
      };
    case 'preempt':
      return {
        ...NOTHING,
        enter: ['call bpf_preempt_disable'],
        leave: ['call bpf_preempt_enable'],
        what: 'preemption is off',
      };
    case 'irq': {
      const at = draft.slot(8);
      return {
        ...NOTHING,
        enter: [...stackAt(at)('r1'), 'call bpf_local_irq_save'],
        leave: [...stackAt(at)('r1'), 'call bpf_local_irq_restore'],
        at,
        what: 'interrupts are off',
      };
    }
    case 'nofault': {
      const at = draft.slot(8);
      const past = draft.label('ended');
      draft.before.push(
        'call bpf_get_current_task_btf',
        'r2 = r0',
        ...stackAt(at)('r1'),
        'r3 = 0',
        'call bpf_iter_task_vma_new',
      );
      draft.owned.push({
        release: [...stackAt(at)('r1'), 'call bpf_iter_task_vma_destroy'],
        label: '',
        consumed: false,
      });
      return {
        ...NOTHING,
        enter: [...stackAt(at)('r1'), 'call bpf_iter_task_vma_next', `if r0 == 0 goto ${past}`],
        past,
        at,
        what: 'a VMA is held, which forbids faults',
      };
    }
  }
}
