import { BTF_KIND_ENUM, BTF_KIND_ENUM64 } from '../../btf/btf.ts';
import type { Btf } from '../../btf/btf.ts';
import { essentialName } from '../../btf/match.ts';
import { isAnyEnum } from '../../btf/walk.ts';
import type { Insns } from '../../isa/insns.ts';
import type { CoreRelocation } from '../btf-ext.ts';
import type { KernelTypes } from '../../kernel/load.ts';
import { ObjectError } from '../error.ts';

import { CORE_TYPE_ID_LOCAL } from './kinds.ts';
import { patchInstruction } from './patch.ts';
import type { Spec } from './spec.ts';
import { localSpec, matchSpec } from './spec.ts';
import type { CoreValue } from './value.ts';
import { coreValue } from './value.ts';

/** Fits a program's instructions to the kernel's types. */
export interface CoreRelocator {
  /** Relocates the instruction at `at`. Null if that went well; else what the kernel does not have, as `task_struct.pid`. */
  apply(insns: Insns, at: number, relocation: CoreRelocation): string | null;
}

/** What a relocation comes to. */
interface Resolved {
  readonly local: CoreValue | null;
  readonly target: CoreValue | null;
  /** As a person would write it. */
  readonly name: string;
}

/** A relocator for one object; what it learns of a type it keeps for the next relocation. */
export function coreRelocator(btf: Btf, kernel: KernelTypes): CoreRelocator {
  const known = new Map<string, Resolved>();

  const resolved = (relocation: CoreRelocation): Resolved => {
    const { kind, typeId, access } = relocation;
    const key = `${typeId} ${access} ${kind}`;
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = calculate(btf, relocation, kernel)));
    return found;
  };

  return {
    apply(insns, at, relocation) {
      const { local, target, name } = resolved(relocation);
      return patchInstruction(insns, at, local, target) ? null : name;
    },
  };
}

function calculate(btf: Btf, relocation: CoreRelocation, kernel: KernelTypes): Resolved {
  const spec = localSpec(btf, relocation);
  const { kind, typeId } = relocation;
  const { name } = btf.type(typeId);
  if (kind === CORE_TYPE_ID_LOCAL) {
    const own: CoreValue = { value: BigInt(typeId), access: null, validate: false };
    return { local: own, target: own, name };
  }
  if (name === '')
    throw new ObjectError('A CO-RE relocation is of a type without a name, which libbpf does not look for.');
  const target = resolve(spec, kind, candidatesFor(btf, typeId, kernel));
  return { local: coreValue(kind, spec), target, name: nameOf(spec) };
}

interface Candidate {
  readonly btf: Btf;
  readonly id: number;
}

/** By kernel, then by kind and name: looking for them means looking at every type. */
const CANDIDATES = new WeakMap<KernelTypes, Map<string, readonly Candidate[]>>();

function candidatesFor(btf: Btf, id: number, kernel: KernelTypes): readonly Candidate[] {
  let known = CANDIDATES.get(kernel);
  if (known === undefined) CANDIDATES.set(kernel, (known = new Map()));
  const t = btf.type(id);
  const name = essentialName(t.name);
  const key = `${t.kind}:${name}`;
  let found = known.get(key);
  if (found === undefined)
    known.set(
      key,
      (found = findCandidates(kernel, name, isAnyEnum(t) ? [BTF_KIND_ENUM, BTF_KIND_ENUM64] : [t.kind])),
    );
  return found;
}

/** The kernel's types of a name, flavours aside; those of modules only if the kernel itself has none. */
function findCandidates(kernel: KernelTypes, name: string, kinds: readonly number[]): Candidate[] {
  const inside = (btf: Btf): Candidate[] =>
    kinds
      .flatMap((kind) => btf.startingWith(name, kind))
      .filter((id) => essentialName(btf.type(id).name) === name)
      .map((id) => ({ btf, id }));
  const own = inside(kernel.vmlinux);
  return own.length > 0 ? own : [...kernel.modules.values()].flatMap(inside);
}

/** The value that all candidates agree on; that of none at all if none fits. */
function resolve(local: Spec, kind: number, candidates: readonly Candidate[]): CoreValue | null {
  let first: { spec: Spec; value: CoreValue | null } | null = null;
  for (const { btf, id } of candidates) {
    const spec = matchSpec(local, kind, btf, id);
    if (spec === null) continue;
    const value = coreValue(kind, spec);
    if (first === null) first = { spec, value };
    else if (spec.bitOffset !== first.spec.bitOffset || value?.value !== first.value?.value)
      throw new ObjectError(
        `The kernel has several types that ${nameOf(local)} may mean, and they differ there.`,
      );
  }
  return first === null ? coreValue(kind, null) : first.value;
}

/** `task_struct.se.exec_start`, `bpf_func_id.BPF_FUNC_loop` or the type's name. */
function nameOf({ btf, root, way }: Spec): string {
  const path = way
    .slice(btf.type(root).enumerators.length > 0 ? 0 : 1)
    .map((a) => (a.name === null ? `[${a.index}]` : `.${a.name}`));
  return essentialName(btf.type(root).name) + path.join('');
}
