import { iterTypeId, iterTypeName } from '../../../btf/iter-type.ts';
import { paramHasSuffix } from '../../../btf/match.ts';
import { resolveSize, skipModifiers } from '../../../btf/walk.ts';
import type { KfuncMeta } from '../../../cfg/facts.ts';
import type { KfuncArgKind } from '../../../cfg/kfunc-args.ts';
import {
  ASKS,
  FAMILY_ARENA,
  FAMILY_PERCPU_OBJ_DROP,
  FAMILY_PERCPU_OBJ_NEW,
  FAMILY_RBTREE_ADD,
  FAMILY_TASK_WORK,
} from '../../../kernel/families.ts';
import {
  KF_bpf_dynptr_file_discard,
  KF_bpf_local_irq_save,
  KF_bpf_res_spin_lock_irqsave,
} from '../../../kernel/generated/special-kfuncs.ts';
import { KF_ITER_NEW, KF_RCU_PROTECTED, KF_RELEASE } from '../../../kernel/kfunc-flags.ts';
import type { Kfunc } from '../../../kernel/kfuncs.ts';
import type { Realm } from '../matrix.ts';
import type { Held } from '../columns.ts';
import type { Setting } from '../programs.ts';
import {
  addressOf,
  constant,
  stackAt,
  Unmakeable,
  zeroed,
  type Draft,
  type Load,
  type Owned,
} from './draft.ts';
import { obtain } from './objects.ts';
import { protoOf } from './prototype.ts';
import {
  arenaMap,
  declareLock,
  declareNode,
  fieldMap,
  fieldOf,
  LIST_OFFSET,
  plainMap,
  rootFor,
  TREE_OFFSET,
  type Hold,
} from './scenery.ts';

/** What is being made, and where. */
export interface Making {
  readonly realm: Realm;
  readonly setting: Setting;
  readonly draft: Draft;
  readonly held: Held | null;
  readonly hold: Hold;
  /** Kfuncs whose arguments are being made, outermost first. */
  readonly chain: readonly Kfunc[];
  /** Can be called while what is held is held. */
  readonly insideAllows: (kfunc: Kfunc) => boolean;
}

/** A value for an argument, and what the call takes with it. */
export interface Made {
  readonly load: Load;
  readonly owned: Owned | null;
}

/** One argument to make. */
interface Wanted {
  readonly kfunc: Kfunc;
  readonly meta: KfuncMeta;
  readonly index: number;
}

type Maker = (making: Making, wanted: Wanted) => Made;

const plain = (load: Load): Made => ({ load, owned: null });

/** Bytes of a buffer whose length is passed along. */
const BUFFER = 16;

const size: Maker = () => plain(constant(BUFFER));

const mapField =
  (field: 'bpf_timer' | 'bpf_wq' | 'bpf_task_work'): Maker =>
  ({ draft }) =>
    plain(fieldOf(draft, draft.before, field));

const MAKERS: Readonly<Record<KfuncArgKind, Maker>> = {
  anything: () => plain(constant(0)),
  const: (making, { meta, index, kfunc }) => {
    if (!meta.proto.params[index]!.name.startsWith('local_type_id')) return plain(constant(0));
    return plain(
      constant(
        `typeid.${localType(making.draft, kfunc.families & FAMILY_PERCPU_OBJ_NEW ? 'counter' : 'node')}`,
      ),
    );
  },
  'mem-size': size,
  'const-mem-size': size,
  'const-alloc-size-or-zero': () => plain(constant(8)),
  mem: ({ draft }, { meta, index }) => {
    const bytes = meta.args[index]!.fixedSize ? pointeeSize(meta, index) : BUFFER;
    return plain(
      stackAt(
        paramHasSuffix(meta.proto.params[index]!, '__uninit')
          ? draft.slot(bytes)
          : zeroed(draft, draft.before, bytes),
      ),
    );
  },
  ctx: ({ draft }) => {
    draft.usesCtx = true;
    return plain((register) => [`${register} = r6`]);
  },
  arena: () => plain(constant(0)),
  'alloc-obj': (making, { kfunc }) => newObject(making, (kfunc.families & FAMILY_PERCPU_OBJ_DROP) !== 0),
  'refcounted-kptr': (making) => newObject(making, false),
  'btf-id': object,
  dynptr,
  iter: iterator,
  'list-head': (making) => plain(rootFor(making.draft, lockKind(making), 'list')),
  'rb-root': (making) => plain(rootFor(making.draft, lockKind(making), 'tree')),
  'list-node': (making) => node(making, LIST_OFFSET),
  'rb-node': (making) => node(making, TREE_OFFSET),
  callback: ({ draft }, { kfunc }) => {
    if (kfunc.families & FAMILY_RBTREE_ADD)
      draft.functions.set(
        'less',
        '.func int less(struct bpf_rb_node *a, struct bpf_rb_node *b)\n        r0 = 0\n        exit',
      );
    else
      draft.functions.set(
        'later',
        '.func int later(void *map, int *key, void *value)\n        r0 = 0\n        exit',
      );
    return plain(addressOf(kfunc.families & FAMILY_RBTREE_ADD ? 'less' : 'later'));
  },
  'const-str': ({ draft }) => {
    draft.declare('name', 'const char name[8] = "user.x";');
    return plain(addressOf('name'));
  },
  'const-map': ({ draft }, { kfunc }) =>
    plain(addressOf(fieldMap(draft, kfunc.families & FAMILY_TASK_WORK ? 'bpf_task_work' : 'bpf_wq'))),
  timer: mapField('bpf_timer'),
  workqueue: mapField('bpf_wq'),
  'task-work': mapField('bpf_task_work'),
  'irq-flag': ({ draft, hold }, { kfunc }) => {
    const saves = kfunc.special === KF_bpf_local_irq_save || kfunc.special === KF_bpf_res_spin_lock_irqsave;
    return plain(stackAt(!saves && hold.at !== 0 ? hold.at : draft.slot(8)));
  },
  'res-spin-lock': (making, { kfunc }) => {
    const takes = (kfunc.families & ASKS.resLockTakes) !== 0;
    return plain(addressOf(declareLock(making.draft, takes ? 'other' : 'res')));
  },
};

/** Makes an argument of the call. @throws Unmakeable */
export function argument(making: Making, kfunc: Kfunc, meta: KfuncMeta, index: number): Made {
  const arg = meta.args[index];
  if (arg === null || arg === undefined) return plain(constant(0));
  if (arg.nullable) return plain(constant(0));
  return MAKERS[arg.kind](making, { kfunc, meta, index });
}

const lockKind = ({ held }: Making): 'spin' | 'res' =>
  held === 'res-lock' || held === 'res-lock-irq' ? 'res' : 'spin';

function localType(draft: Draft, which: 'node' | 'counter'): string {
  if (which === 'node') declareNode(draft);
  else draft.declare('counter', 'struct counter { long value; };');
  return which;
}

function pointeeSize(meta: KfuncMeta, index: number): number {
  const pointer = skipModifiers(meta.btf, meta.proto.params[index]!.type);
  const resolved = resolveSize(meta.btf, pointer.type);
  if (resolved === null) throw new Unmakeable('memory of a size that its prototype does not tell');
  return Math.ceil(resolved.size / 8) * 8;
}

/** An object of the program's own, made before anything is held. */
function newObject({ draft }: Making, percpu: boolean): Made {
  const type = localType(draft, percpu ? 'counter' : 'node');
  draft.before.push(`r1 = typeid.${type}`, `call bpf_${percpu ? 'percpu_' : ''}obj_new`);
  return draft.keep(
    draft.before,
    (load) => [...load('r1'), `call bpf_${percpu ? 'percpu_' : ''}obj_drop`],
    true,
  );
}

function node(making: Making, offset: string): Made {
  const { load, owned } = newObject(making, false);
  return { load: (register) => [...load(register), `${register} += ${offset}`], owned };
}

function object(making: Making, { kfunc, meta, index }: Wanted): Made {
  const param = meta.proto.params[index]!;
  const target = skipModifiers(meta.btf, skipModifiers(meta.btf, param.type).type);
  if (paramHasSuffix(param, '__map') || target.name === 'bpf_map') {
    const arena = kfunc.families & FAMILY_ARENA;
    return plain(addressOf(arena ? arenaMap(making.draft) : plainMap(making.draft)));
  }
  return obtain(
    making,
    { btf: meta.btf, id: target.id, name: target.name },
    (kfunc.flags & KF_RELEASE) !== 0 && index === 0,
  );
}

function dynptr(making: Making, { meta, index, kfunc }: Wanted): Made {
  const { draft, realm } = making;
  const at = draft.slot(16);
  if (paramHasSuffix(meta.proto.params[index]!, '__uninit')) return plain(stackAt(at));
  if (kfunc.special === KF_bpf_dynptr_file_discard) {
    const maker = realm.model.kfunc('bpf_dynptr_from_file', null);
    if (maker === null) throw new Unmakeable('a dynptr of a file');
    callInto(making, maker, draft.before, new Map([[2, stackAt(at)]]));
    const owned: Owned = {
      release: [...stackAt(at)('r1'), 'call bpf_dynptr_file_discard'],
      label: '',
      consumed: false,
    };
    draft.owned.push(owned);
    return { load: stackAt(at), owned };
  }
  draft.declare('bytes', 'char bytes[64];');
  draft.before.push(
    ...addressOf('bytes')('r1'),
    'r2 = 16',
    'r3 = 0',
    ...stackAt(at)('r4'),
    'call bpf_dynptr_from_mem',
  );
  return plain(stackAt(at));
}

/** An iterator to be made, or one that was made before: inside if it needs what is held there. */
function iterator(making: Making, { kfunc, meta, index }: Wanted): Made {
  const { draft, hold, held, realm } = making;
  if (kfunc.flags & KF_RELEASE && held === 'nofault') return plain(stackAt(hold.at));
  const typeId = iterTypeId(meta.btf, meta.proto, index);
  if (typeId === 0) throw new Unmakeable('an iterator of its type');
  const at = draft.slot(meta.btf.type(typeId).size);
  if (kfunc.flags & KF_ITER_NEW) return plain(stackAt(at));
  const name = `bpf_iter_${iterTypeName(meta.btf, typeId)}_new`;
  const maker = realm.model.kfunc(name, kfunc.module) ?? realm.model.kfunc(name, null);
  if (maker === null) throw new Unmakeable('the kfunc that makes its iterator');
  const inside = making.insideAllows(maker);
  const into = inside ? draft.inside : draft.before;
  const bracket = !inside && (maker.flags & KF_RCU_PROTECTED) !== 0;
  const given = new Map([[0, stackAt(at)]]);
  const args = argumentsOf(making, maker, given);
  if (bracket) into.push('call bpf_rcu_read_lock');
  into.push(...args, `call ${maker.name}`);
  if (bracket) into.push('call bpf_rcu_read_unlock');
  const owned: Owned = {
    release: [...stackAt(at)('r1'), `call ${maker.name.replace(/new$/, 'destroy')}`],
    label: '',
    consumed: false,
  };
  // what was made inside ends inside
  if (inside) draft.after.push(...(kfunc.name.endsWith('destroy') ? [] : owned.release!));
  else draft.owned.push(owned);
  return { load: stackAt(at), owned: kfunc.name.endsWith('destroy') ? owned : null };
}

/** Lines that load all arguments of a call; what they need stands in the draft. `given`: loads by argument. */
export function argumentsOf(
  making: Making,
  kfunc: Kfunc,
  given: ReadonlyMap<number, Load> = new Map(),
): string[] {
  if (making.chain.length > 3) throw new Unmakeable('what its arguments need in turn');
  const { meta } = protoOf(making.realm, kfunc, making.setting);
  const within: Making = { ...making, chain: [...making.chain, kfunc] };
  return shownParams(meta).flatMap((_, index) =>
    (given.get(index) ?? argument(within, kfunc, meta, index).load)(`r${index + 1}`),
  );
}

/** Calls a kfunc on the way, for what it returns or makes. */
export function callInto(
  making: Making,
  kfunc: Kfunc,
  into: string[],
  given: ReadonlyMap<number, Load> = new Map(),
): void {
  const args = argumentsOf(making, kfunc, given);
  into.push(...args, `call ${kfunc.name}`);
}

/** Parameters that a program passes: not those that the kernel adds. */
export function shownParams(meta: KfuncMeta): readonly { readonly name: string }[] {
  const { params } = meta.btf.type(meta.btf.type(meta.id).type);
  if (params.length > 5) throw new Unmakeable('more arguments than registers hold');
  return params;
}
