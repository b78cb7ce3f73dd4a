import { BTF_KIND_FUNC, BTF_KIND_PTR, BTF_KIND_STRUCT, type Btf } from '../../../btf/btf.ts';
import { isNocastAlias, structIdsMatch } from '../../../btf/match.ts';
import { isStructOrUnion, skipModifiers } from '../../../btf/walk.ts';
import type { AttachTarget } from '../../../cfg/attach/target.ts';
import {
  KF_ACQUIRE,
  KF_ITER_NEXT,
  KF_RELEASE,
  KF_RET_NULL,
  KF_SLEEPABLE,
} from '../../../kernel/kfunc-flags.ts';
import type { Kfunc } from '../../../kernel/kfuncs.ts';
import { argumentsOf, type Made, type Making } from './args.ts';
import { Unmakeable } from './draft.ts';
import { protoOf } from './prototype.ts';

/** A struct of the kernel (or of a program that invents kfuncs). */
export interface Struct {
  readonly btf: Btf;
  readonly id: number;
  readonly name: string;
}

/**
 * A trusted pointer to an object of the kernel: what the program is given, the task that runs, or what another kfunc
 * acquires. `toRelease`: it must be owned. @throws Unmakeable
 */
export function obtain(making: Making, wanted: Struct, toRelease: boolean): Made {
  if (!toRelease) {
    const given = fromContext(making, wanted);
    if (given !== null) return given;
    if (wanted.name === 'task_struct') {
      const { draft } = making;
      draft.before.push('call bpf_get_current_task_btf');
      return { load: draft.keep(draft.before, null, false).load, owned: null };
    }
  } else {
    const owned = ownedFromContext(making, wanted);
    if (owned !== null) return owned;
  }
  return acquire(making, wanted, toRelease);
}

/** Is an object of one struct good where another is wanted: the same, or beginning with it? */
function fits(btf: Btf, id: number, wanted: Struct, strict: boolean): boolean {
  if (!isStructOrUnion(btf.type(id)) || isNocastAlias(btf, id, wanted.btf, wanted.id)) return false;
  return structIdsMatch(btf, id, 0, wanted.btf, wanted.id, strict, true).match;
}

/** An argument of what the program attaches to. */
function fromContext(making: Making, wanted: Struct): Made | null {
  const at = ctxArgument(making, wanted, (_attach, offset) => !refcounted(_attach, offset));
  if (at === null) return null;
  const { draft } = making;
  draft.usesCtx = true;
  draft.before.push(`r0 = *(u64 *)(r6 + ${at})`);
  return { load: draft.keep(draft.before, null, true).load, owned: null };
}

const refcounted = (attach: AttachTarget, offset: number): boolean =>
  attach.ctxArgs.some((arg) => arg.offset === offset && arg.refcounted);

/** An argument that the program owns from the start (struct_ops, `__ref`). */
function ownedFromContext(making: Making, wanted: Struct): Made | null {
  const at = ctxArgument(making, wanted, refcounted);
  if (at === null) return null;
  const { draft } = making;
  draft.usesCtx = true;
  draft.before.push(`r0 = *(u64 *)(r6 + ${at})`);
  const { load, owned } = draft.keep(draft.before, null, false);
  return { load, owned };
}

function ctxArgument(
  making: Making,
  wanted: Struct,
  takes: (attach: AttachTarget, offset: number) => boolean,
): number | null {
  const { attach } = protoOf(making.realm, making.chain[0]!, making.setting);
  if (attach.btf === null || attach.proto === null) return null;
  const { btf } = attach;
  const params = attach.isTracepoint ? attach.proto.params.slice(1) : attach.proto.params;
  for (const [i, param] of params.entries()) {
    const pointer = skipModifiers(btf, param.type);
    if (pointer.kind !== BTF_KIND_PTR) continue;
    const target = skipModifiers(btf, pointer.type);
    if (fits(btf, target.id, wanted, false) && takes(attach, i * 8)) return i * 8;
  }
  return null;
}

/** What a kfunc's prototype says, without looking at a program. */
function prototype(
  making: Making,
  kfunc: Kfunc,
): { readonly btf: Btf; readonly returns: number; readonly params: readonly number[] } | null {
  const { model } = making.realm;
  const btf = kfunc.module === null ? model.btf() : model.moduleBtf(kfunc.module);
  const id = btf?.find(kfunc.name, BTF_KIND_FUNC) ?? 0;
  if (btf === null || id === 0) return null;
  const proto = btf.type(btf.type(id).type);
  return { btf, returns: pointee(btf, proto.type), params: proto.params.map((p) => pointee(btf, p.type)) };
}

function pointee(btf: Btf, id: number): number {
  const t = skipModifiers(btf, id);
  return t.kind === BTF_KIND_PTR ? skipModifiers(btf, t.type).id : 0;
}

/** Takes a reference with the kfunc that needs least for it. */
function acquire(making: Making, wanted: Struct, toRelease: boolean): Made {
  const { realm, setting, chain } = making;
  const sources = realm.model
    .kfuncs()
    .filter(
      (kfunc) =>
        (kfunc.flags & KF_ACQUIRE) !== 0 &&
        (kfunc.flags & (KF_ITER_NEXT | KF_RELEASE)) === 0 &&
        !chain.includes(kfunc),
    )
    .filter((kfunc) => kfunc.inventedTypeId === 0 && realm.model.kfuncAllowed(kfunc, setting.traits))
    .filter((kfunc) => (kfunc.flags & KF_SLEEPABLE) === 0 || setting.traits.sleepable)
    .flatMap((kfunc) => {
      const proto = prototype(making, kfunc);
      return proto !== null && proto.returns !== 0 && fits(proto.btf, proto.returns, wanted, toRelease)
        ? [{ kfunc, proto }]
        : [];
    })
    .sort((a, b) => a.proto.params.length - b.proto.params.length);
  for (const { kfunc, proto } of sources) {
    const made = tryAcquire(
      making,
      kfunc,
      { btf: proto.btf, id: proto.returns, name: proto.btf.type(proto.returns).name },
      toRelease,
    );
    if (made !== null) return made;
  }
  throw new Unmakeable(
    `a ${wanted.btf.type(wanted.id).kind === BTF_KIND_STRUCT ? 'struct' : 'union'} ${wanted.name}`,
  );
}

function tryAcquire(making: Making, kfunc: Kfunc, what: Struct, toRelease: boolean): Made | null {
  const { draft } = making;
  const release = releaserOf(making, what);
  // what nobody takes back may only be made for who does
  if (release === null && !toRelease) return null;
  let args: string[];
  try {
    args = argumentsOf(making, kfunc);
  } catch (error) {
    // it may be had another way; lines that were written for it do no harm, but stay
    if (error instanceof Unmakeable) return null;
    throw error;
  }
  draft.before.push(...args, `call ${kfunc.name}`);
  return draft.keep(
    draft.before,
    release === null ? null : (from) => [...from('r1'), `call ${release.name}`],
    (kfunc.flags & KF_RET_NULL) !== 0,
  );
}

/** The kfunc that gives back references to a struct, null if none is known. */
export function releaserOf(making: Making, what: Struct): Kfunc | null {
  const { realm, setting } = making;
  const fitting = realm.model
    .kfuncs()
    .filter(
      (kfunc) =>
        (kfunc.flags & KF_RELEASE) !== 0 &&
        (kfunc.flags & KF_ACQUIRE) === 0 &&
        kfunc.inventedTypeId === 0 &&
        realm.model.kfuncAllowed(kfunc, setting.traits),
    )
    .filter((kfunc) => {
      const proto = prototype(making, kfunc);
      const first = proto?.params[0] ?? 0;
      return (
        proto !== null &&
        first !== 0 &&
        fits(what.btf, what.id, { btf: proto.btf, id: first, name: '' }, true)
      );
    });
  return fitting.find((kfunc) => (kfunc.flags & KF_SLEEPABLE) === 0) ?? fitting[0] ?? null;
}
