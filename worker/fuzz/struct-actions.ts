import { BTF_KIND_STRUCT } from '../btf/btf.ts';
import * as op from '../isa/opcodes.ts';
import { access } from './access.ts';
import type { Action, ActionTable } from './action.ts';
import { block } from './block.ts';
import { useObject } from './helper-actions.ts';
import { placeIn } from './kernel-structs.ts';
import { NONE, SCALAR, type Kind, type Scene } from './scene.ts';

const SIZES = [1, 2, 4, 8] as const;

const object = (what: string, nullable: boolean): Kind => ({
  k: 'object',
  what,
  nullable,
  owned: false,
  size: 0,
});

function known(s: Scene, what: string): boolean {
  return s.setting.model.btf().find(what, BTF_KIND_STRUCT) !== 0;
}

/** An object of a struct of the kernel. */
function kernelObject(s: Scene): readonly [reg: number, struct: string] | null {
  const reg = s.find(
    (kind) => kind.k === 'object' && known(s, kind.what) && (!kind.nullable || s.r.chance(0.1)),
    true,
  );
  if (reg === null) return null;
  const kind = s.kinds[reg];
  return kind.k === 'object' ? [reg, kind.what] : null;
}

/** Loads a member, and members of what it points to. */
const loadMember: Action = (s) => {
  const { r, e } = s;
  const from = kernelObject(s);
  if (from === null) return false;
  const place = placeIn(s.setting.model.btf(), from[1], r);
  if (place === null) return false;
  const to = r.chance(0.6) ? s.keeper() : s.target();
  if (s.pinned.has(to)) return false;
  const size = r.chance(0.03) ? r.pick(SIZES) : (SIZES.find((n) => n >= place.size) ?? 8);
  const off = place.off + (r.chance(0.03) ? r.between(-4, 4) : 0);
  if (off > 0x7fff) return false;
  if (r.chance(0.04)) return access(s, from[0], off, size);
  if (size !== 8 && r.chance(0.05)) e.emit(op.BPF_LDX | op.BPF_MEMSX | op.sizeField(size), to, from[0], off);
  else e.load(size, to, from[0], off);
  s.kinds[to] = place.points === null ? SCALAR : object(place.points, r.chance(0.6));
  if (place.points !== null && r.chance(0.4)) s.ifNotNull(to, () => block(s, r.between(1, 2)));
  return true;
};

/** A pointer into an object, by a constant or by an unknown number. */
const insideObject: Action = (s) => {
  const { r, e } = s;
  const from = kernelObject(s);
  if (from === null) return false;
  const place = placeIn(s.setting.model.btf(), from[1], r);
  const to = s.keeper();
  if (place === null || to === from[0] || s.pinned.has(to)) return false;
  e.mov(to, from[0]);
  if (r.chance(0.9)) e.aluImm(op.BPF_ADD, to, place.off);
  else e.alu(op.BPF_ADD, to, s.scalar());
  s.kinds[to] = NONE;
  if (r.chance(0.6)) {
    const into = s.target();
    if (s.pinned.has(into)) return true;
    e.load(SIZES.find((n) => n >= place.size) ?? 8, into, to, 0);
    s.kinds[into] = place.points === null ? SCALAR : object(place.points, true);
  }
  return true;
};

const CAST_TARGETS = [
  'task_struct',
  'sk_buff',
  'file',
  'inode',
  'cgroup',
  'sock',
  'pt_regs',
  'cred',
  'mm_struct',
];

/** Calls that take something for an object of a struct. */
const cast: Action = (s) => {
  const { r, e } = s;
  const btf = s.setting.model.btf();
  const ctx = s.find((kind) => kind.k === 'ctx');
  const keep = s.keeper();
  if (keep === 0 || s.pinned.has(keep)) return false;
  if (ctx !== null && r.chance(0.4)) {
    const struct = new Map([
      [3, 'sk_buff'],
      [6, 'xdp_buff'],
    ]).get(s.setting.traits.progType);
    e.mov(1, ctx);
    e.kfunc('bpf_cast_to_kern_ctx');
    s.clobber(struct === undefined ? NONE : object(struct, false));
  } else {
    const from = s.find((kind) => kind.k !== 'none' && kind.k !== 'fp');
    const struct = r.pick(CAST_TARGETS);
    if (from === null) e.movImm(1, s.immediate());
    else e.mov(1, from);
    e.movImm(2, r.chance(0.03) ? r.below(4) : btf.find(struct, BTF_KIND_STRUCT));
    e.kfunc('bpf_rdonly_cast');
    s.clobber(object(struct, false));
  }
  e.mov(keep, 0);
  s.kinds[keep] = s.kinds[0];
  if (r.chance(0.7)) useObject(s, keep);
  return true;
};

/** Variables of the kernel: each processor has its own. */
const VARIABLES: readonly (readonly [name: string, struct: string | null])[] = [
  ['bpf_prog_active', null],
  ['runqueues', 'rq'],
  ['current_task', null],
  ['softnet_data', 'softnet_data'],
  ['cpu_number', null],
  ['kernel_cpustat', 'kernel_cpustat'],
];

const PER_CPU_PTR = 153;
const THIS_CPU_PTR = 154;

const kernelVariable: Action = (s) => {
  const { r, e } = s;
  const [name, struct] = r.pick(VARIABLES);
  const keep = s.keeper();
  if (keep === 0 || s.pinned.has(keep)) return false;
  e.symbol(1, name);
  const all = r.chance(0.5);
  if (r.chance(0.05)) e.load(4, keep, 1, 0);
  if (all) e.movImm(2, r.below(2));
  e.helper(all ? PER_CPU_PTR : THIS_CPU_PTR);
  s.clobber(
    struct === null
      ? { k: 'object', what: 'mem', nullable: all, owned: false, size: 4 }
      : object(struct, all),
  );
  e.mov(keep, 0);
  s.kinds[keep] = s.kinds[0];
  useObject(s, keep);
  return true;
};

export const STRUCT_ACTIONS: ActionTable = [
  [22, loadMember],
  [3, insideObject],
  [2, cast],
  [1, kernelVariable],
];
