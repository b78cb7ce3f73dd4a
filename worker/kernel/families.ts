/**
 * Families of kfuncs: membership is declared per kfunc, families answer the engine's questions. One bit per
 * family, so that a kfunc's membership is one small integer and a question is one `&`.
 */

export const FAMILY_LIST_API = 1 << 0;
export const FAMILY_LIST_NODE = 1 << 1;
export const FAMILY_LIST_PUSH = 1 << 2;
export const FAMILY_RBTREE_API = 1 << 3;
export const FAMILY_RBTREE_NODE = 1 << 4;
export const FAMILY_RBTREE_ADD = 1 << 5;
export const FAMILY_REFCOUNT_ACQUIRE = 1 << 6;
export const FAMILY_RES_SPIN_LOCK = 1 << 7;
export const FAMILY_ITER_NUM = 1 << 8;
export const FAMILY_ARENA = 1 << 9;
export const FAMILY_STREAM = 1 << 10;
export const FAMILY_TASK_WORK = 1 << 11;
export const FAMILY_WQ_CALLBACK = 1 << 12;
export const FAMILY_OBJ_NEW = 1 << 13;
export const FAMILY_PERCPU_OBJ_NEW = 1 << 14;
export const FAMILY_OBJ_DROP = 1 << 15;
export const FAMILY_PERCPU_OBJ_DROP = 1 << 16;
export const FAMILY_LIST_POP = 1 << 17;
export const FAMILY_LIST_PEEK = 1 << 18;
export const FAMILY_RES_LOCK = 1 << 19;
export const FAMILY_RES_IRQ = 1 << 20;
export const FAMILY_THROW = 1 << 21;

/** Name, bit and members (without the `_impl` twins' suffix spelled out: each member is a kfunc's full name). */
export const FAMILIES: readonly {
  readonly name: string;
  readonly bit: number;
  readonly members: readonly string[];
}[] = [
  {
    name: 'list-api',
    bit: FAMILY_LIST_API,
    members: [
      'bpf_list_push_front_impl',
      'bpf_list_push_front',
      'bpf_list_push_back_impl',
      'bpf_list_push_back',
      'bpf_list_add',
      'bpf_list_pop_front',
      'bpf_list_pop_back',
      'bpf_list_del',
      'bpf_list_front',
      'bpf_list_back',
      'bpf_list_is_first',
      'bpf_list_is_last',
      'bpf_list_empty',
    ],
  },
  {
    name: 'list-node',
    bit: FAMILY_LIST_NODE,
    members: [
      'bpf_list_push_front_impl',
      'bpf_list_push_front',
      'bpf_list_push_back_impl',
      'bpf_list_push_back',
      'bpf_list_add',
      'bpf_list_del',
      'bpf_list_is_first',
      'bpf_list_is_last',
    ],
  },
  {
    name: 'list-push',
    bit: FAMILY_LIST_PUSH,
    members: [
      'bpf_list_push_front_impl',
      'bpf_list_push_front',
      'bpf_list_push_back_impl',
      'bpf_list_push_back',
      'bpf_list_add',
    ],
  },
  {
    name: 'list-pop',
    bit: FAMILY_LIST_POP,
    members: ['bpf_list_pop_front', 'bpf_list_pop_back', 'bpf_list_del'],
  },
  { name: 'list-peek', bit: FAMILY_LIST_PEEK, members: ['bpf_list_front', 'bpf_list_back'] },
  {
    name: 'rbtree-api',
    bit: FAMILY_RBTREE_API,
    members: [
      'bpf_rbtree_add_impl',
      'bpf_rbtree_add',
      'bpf_rbtree_remove',
      'bpf_rbtree_first',
      'bpf_rbtree_root',
      'bpf_rbtree_left',
      'bpf_rbtree_right',
    ],
  },
  {
    name: 'rbtree-node',
    bit: FAMILY_RBTREE_NODE,
    members: [
      'bpf_rbtree_add_impl',
      'bpf_rbtree_add',
      'bpf_rbtree_remove',
      'bpf_rbtree_left',
      'bpf_rbtree_right',
    ],
  },
  { name: 'rbtree-add', bit: FAMILY_RBTREE_ADD, members: ['bpf_rbtree_add_impl', 'bpf_rbtree_add'] },
  {
    name: 'refcount-acquire',
    bit: FAMILY_REFCOUNT_ACQUIRE,
    members: ['bpf_refcount_acquire_impl', 'bpf_refcount_acquire'],
  },
  {
    name: 'res-spin-lock',
    bit: FAMILY_RES_SPIN_LOCK,
    members: [
      'bpf_res_spin_lock',
      'bpf_res_spin_unlock',
      'bpf_res_spin_lock_irqsave',
      'bpf_res_spin_unlock_irqrestore',
    ],
  },
  { name: 'res-lock', bit: FAMILY_RES_LOCK, members: ['bpf_res_spin_lock', 'bpf_res_spin_lock_irqsave'] },
  {
    name: 'res-irq',
    bit: FAMILY_RES_IRQ,
    members: ['bpf_res_spin_lock_irqsave', 'bpf_res_spin_unlock_irqrestore'],
  },
  {
    name: 'iter-num',
    bit: FAMILY_ITER_NUM,
    members: ['bpf_iter_num_new', 'bpf_iter_num_next', 'bpf_iter_num_destroy'],
  },
  {
    name: 'arena',
    bit: FAMILY_ARENA,
    members: ['bpf_arena_alloc_pages', 'bpf_arena_free_pages', 'bpf_arena_reserve_pages'],
  },
  { name: 'stream', bit: FAMILY_STREAM, members: ['bpf_stream_vprintk', 'bpf_stream_print_stack'] },
  {
    name: 'task-work',
    bit: FAMILY_TASK_WORK,
    members: ['bpf_task_work_schedule_signal', 'bpf_task_work_schedule_resume'],
  },
  { name: 'wq-callback', bit: FAMILY_WQ_CALLBACK, members: ['bpf_wq_set_callback'] },
  { name: 'obj-new', bit: FAMILY_OBJ_NEW, members: ['bpf_obj_new_impl', 'bpf_obj_new'] },
  {
    name: 'percpu-obj-new',
    bit: FAMILY_PERCPU_OBJ_NEW,
    members: ['bpf_percpu_obj_new_impl', 'bpf_percpu_obj_new'],
  },
  { name: 'obj-drop', bit: FAMILY_OBJ_DROP, members: ['bpf_obj_drop_impl', 'bpf_obj_drop'] },
  {
    name: 'percpu-obj-drop',
    bit: FAMILY_PERCPU_OBJ_DROP,
    members: ['bpf_percpu_obj_drop_impl', 'bpf_percpu_obj_drop'],
  },
  { name: 'throw', bit: FAMILY_THROW, members: ['bpf_throw'] },
];

/**
 * What a family decides: a question is the set of families whose members answer yes. The engine tests
 * `kfunc.families & ASKS.listHeadArg`.
 */
export const ASKS = {
  /** May a `bpf_list_head *` argument be passed? */
  listHeadArg: FAMILY_LIST_API,
  /** May a `bpf_list_node *` argument be passed? */
  listNodeArg: FAMILY_LIST_NODE,
  /** May a `bpf_rb_root *` argument be passed? */
  rbRootArg: FAMILY_RBTREE_API,
  /** May a `bpf_rb_node *` argument be passed? */
  rbNodeArg: FAMILY_RBTREE_NODE,
  /** Is it a graph operation (needs the root's lock held)? */
  graphApi: FAMILY_LIST_API | FAMILY_RBTREE_API | FAMILY_REFCOUNT_ACQUIRE,
  /** Does its callback run with the tree's lock held? */
  lockInCallback: FAMILY_RBTREE_API,
  /** Does it take a `bpf_res_spin_lock *`? */
  resLockArg: FAMILY_RES_SPIN_LOCK,
  /** Does it take a lock, rather than release one? */
  resLockTakes: FAMILY_RES_LOCK,
  /** Does it save or restore interrupts on the way? */
  resLockIrq: FAMILY_RES_IRQ,
  /** Does it call a callback before it returns? */
  syncCallback: FAMILY_RBTREE_ADD,
  /** Does it schedule a callback for later? Such callbacks may sleep. */
  asyncCallback: FAMILY_WQ_CALLBACK | FAMILY_TASK_WORK,
  /** Does its second argument become a non-owning reference? */
  convertsOwning: FAMILY_LIST_PUSH | FAMILY_RBTREE_ADD,
  /** Before KF_SPIN_LOCK: allowed under a lock by name. */
  allowedUnderLockByFamily:
    FAMILY_LIST_API |
    FAMILY_RBTREE_API |
    FAMILY_REFCOUNT_ACQUIRE |
    FAMILY_ITER_NUM |
    FAMILY_RES_SPIN_LOCK |
    FAMILY_ARENA |
    FAMILY_STREAM,
} as const;

/** A question that families answer. */
export type FamilyQuestion = keyof typeof ASKS;

/** Family bits of a kernel kfunc by name. Module kfuncs have none: families name functions of vmlinux. */
export function familiesOf(kfunc: string): number {
  return MEMBERSHIP.get(kfunc) ?? 0;
}

/** Names of the families in a set of bits. */
export function familyNames(bits: number): string[] {
  return FAMILIES.filter((family) => family.bit & bits).map((family) => family.name);
}

const MEMBERSHIP: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  for (const family of FAMILIES)
    for (const member of family.members) map.set(member, (map.get(member) ?? 0) | family.bit);
  return map;
})();
