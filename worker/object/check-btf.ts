import {
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_DATASEC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_PTR,
  BTF_KIND_RESTRICT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_TYPE_TAG,
  BTF_KIND_VOLATILE,
} from '../btf/btf.ts';
import type { Btf, BtfType } from '../btf/btf.ts';
import { BTF_EXTERN } from '../btf/build.ts';
import { isStructOrUnion, resolveSize } from '../btf/walk.ts';
import type { Elf } from './elf.ts';
import { ObjectError } from './error.ts';

/** Types nest no deeper; the kernel gives up at half of that. */
const DEPTH_MAX = 64;
/** So many types make up one, those that occur twice counted twice. */
const PARTS_MAX = 100_000;

/** What a type is made of, as ids. */
type Parts = (t: BtfType) => readonly number[];

const MODIFIERS: ReadonlySet<number> = new Set([
  BTF_KIND_CONST,
  BTF_KIND_VOLATILE,
  BTF_KIND_RESTRICT,
  BTF_KIND_TYPE_TAG,
]);

/** What lies inside of a value of the type. */
const inside: Parts = (t) => {
  if (isStructOrUnion(t)) return t.members.map((m) => m.type);
  if (t.kind === BTF_KIND_ARRAY) return [t.array!.elem];
  return MODIFIERS.has(t.kind) || t.kind === BTF_KIND_TYPEDEF ? [t.type] : [];
};

/** What must be spelled out where the type is written: everything up to the next name. */
const spelled: Parts = (t) => {
  if (isStructOrUnion(t)) return t.name === '' ? t.members.map((m) => m.type) : [];
  if (t.kind === BTF_KIND_FUNC_PROTO) return [t.type, ...t.params.map((p) => p.type)];
  if (t.kind === BTF_KIND_PTR || MODIFIERS.has(t.kind)) return [t.type];
  return t.kind === BTF_KIND_ARRAY ? [t.array!.elem] : [];
};

/**
 * Refuses types that no compiler writes and that have no end: those that contain themselves, pointers that lead round in a circle,
 * and variables that do not lie in their section.
 */
export function checkBtf(btf: Btf, elf: Elf): void {
  checkEnds(btf, inside);
  checkEnds(btf, spelled);
  const sections = new Map(elf.sections.map((s) => [s.name, s.size]));
  for (let id = btf.firstId; id < btf.nextId; id++) {
    const section = btf.type(id);
    const size = section.kind === BTF_KIND_DATASEC ? sections.get(section.name) : undefined;
    if (size === undefined) continue;
    let end = 0;
    for (const { type, offset } of section.vars) {
      const v = btf.type(type);
      if (v.linkage === BTF_EXTERN) continue;
      const length = resolveSize(btf, v.type)?.size ?? Infinity;
      if (offset < end || offset + length > Math.max(size, section.size) || section.size > size)
        throw new ObjectError(`The object’s types are damaged: ${v.name} does not lie in ${section.name}.`);
      end = offset + length;
    }
  }
}

interface Extent {
  readonly depth: number;
  readonly parts: number;
}

function checkEnds(btf: Btf, partsOf: Parts): void {
  const known = new Map<number, Extent>([[0, { depth: 0, parts: 1 }]]);
  for (let id = btf.firstId; id < btf.nextId; id++) {
    const open: { id: number; parts: readonly number[]; next: number }[] = [];
    const enter = (type: number): void => {
      if (open.length > DEPTH_MAX)
        throw new ObjectError('The object’s types are damaged: one contains itself, or too many others.');
      open.push({ id: type, parts: partsOf(btf.type(type)), next: 0 });
    };
    if (!known.has(id)) enter(id);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const part = top.parts.at(top.next++);
      if (part !== undefined) {
        if (!known.has(part)) enter(part);
        continue;
      }
      const extents = top.parts.map((p) => known.get(p)!);
      const depth = extents.reduce((most, e) => Math.max(most, e.depth), 0) + 1;
      const parts = extents.reduce((sum, e) => sum + e.parts, 1);
      if (depth > DEPTH_MAX || parts > PARTS_MAX)
        throw new ObjectError('The object’s types are damaged: one is made of too many others.');
      known.set(top.id, { depth, parts });
      open.pop();
    }
  }
}
