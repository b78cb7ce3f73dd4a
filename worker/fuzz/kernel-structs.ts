import { BTF_KIND_PTR, BTF_KIND_STRUCT, type Btf } from '../btf/btf.ts';
import { isStructOrUnion, skipModifiers } from '../btf/walk.ts';
import type { Random } from './random.ts';

/** A place in a struct of the kernel. */
export interface Place {
  readonly off: number;
  readonly size: number;
  /** Struct that the pointer there points to, null for everything else. */
  readonly points: string | null;
}

/** Members through which trust and RCU protection are handed on, or that are nested in telling ways. */
const TELLING = new Set(
  (
    'cpus_ptr cgroups real_parent parent group_leader signal files fs nsproxy cred real_cred mm active_mm ' +
    'css_set dfl_cgrp kn self subsys root f_inode f_path f_mapping dentry mnt d_inode d_parent i_sb s_root i_mapping ' +
    'vm_mm vm_file vm_next exe_file mmap_lock seq task file meta sk skb sk_cgrp_data sk_prot sk_net net prog req_sk ' +
    'skc_net skc_bind_hash dev sb ctx map bprm cpu sched_task_group last_wakee pid_links thread_pid fdt private op'
  ).split(' '),
);

/** Picks a place in a struct at random, mostly a pointer or what is known to be treated in a special way. */
export function placeIn(btf: Btf, struct: string, r: Random): Place | null {
  const id = btf.find(struct, BTF_KIND_STRUCT);
  if (id === 0) return null;
  let best: Place | null = null;
  for (let tries = r.between(1, 4); tries > 0; tries--) {
    best = descend(btf, id, r);
    if (best !== null && best.points !== null) return best;
  }
  return best;
}

function descend(btf: Btf, id: number, r: Random): Place | null {
  let type = btf.type(id);
  let off = 0;
  for (let depth = 0; depth < 8; depth++) {
    if (isStructOrUnion(type)) {
      if (type.members.length === 0) return null;
      const telling = type.members.filter((m) => TELLING.has(m.name));
      const member = r.pick(telling.length !== 0 && r.chance(0.5) ? telling : type.members);
      off += member.bitOffset >> 3;
      type = skipModifiers(btf, member.type);
    } else if (type.array !== null) {
      const elem = skipModifiers(btf, type.array.elem);
      const size = elem.kind === BTF_KIND_PTR ? 8 : elem.size;
      off += size * r.below(Math.max(1, Math.min(type.array.count, 64)));
      type = elem;
    } else if (type.kind === BTF_KIND_PTR) {
      const to = skipModifiers(btf, type.type);
      return { off, size: 8, points: isStructOrUnion(to) && to.name !== '' ? to.name : null };
    } else return { off, size: Math.max(1, type.size), points: null };
  }
  return null;
}
