import {
  BTF_KIND_ARRAY,
  BTF_KIND_DATASEC,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  BTF_KIND_VAR,
} from '../../btf/btf.ts';
import type { Btf } from '../../btf/btf.ts';
import { BTF_EXTERN } from '../../btf/build.ts';
import { skipModifiers } from '../../btf/walk.ts';
import { SYMBOL_SECTION } from '../externs.ts';
import type { KernelType } from '../kernel-types.ts';
import type { ExtendedBtf } from './extend-btf.ts';

/** Declarations of what an object takes from the kernel. */
export interface ExternTypes {
  /** Declares a function or variable as the kernel has it, or as anything at all if it does not. */
  declare(name: string, kind: 'func' | 'var', found: KernelType | null): void;
  /** Puts the section of all declarations out. Call it last. */
  finish(): void;
}

/** Types go down to the names of structs, which is as far as libbpf compares them. What the program declares itself is declared anew. */
export function externTypes(program: Btf | null, types: ExtendedBtf): ExternTypes {
  const ids: number[] = [];
  const copied = new Map<Btf, Map<number, number>>();

  const copy = (btf: Btf, typeId: number): number => {
    const t = skipModifiers(btf, typeId);
    if (t.id === 0) return 0;
    const own = copied.get(btf) ?? new Map<number, number>();
    copied.set(btf, own);
    const known = own.get(t.id);
    if (known !== undefined) return known;
    const id = add();
    own.set(t.id, id);
    return id;

    function add(): number {
      switch (t.kind) {
        case BTF_KIND_INT:
          return types.type(t.name, t.kind, 0, t.size, [
            (t.int!.encoding << 24) | (t.int!.offset << 16) | t.int!.bits,
          ]);
        case BTF_KIND_PTR:
          return types.type('', t.kind, 0, copy(btf, t.type));
        case BTF_KIND_ARRAY:
          return types.type('', t.kind, 0, 0, [
            copy(btf, t.array!.elem),
            copy(btf, t.array!.index),
            t.array!.count,
          ]);
        case BTF_KIND_FUNC_PROTO: {
          const params = t.params.flatMap((p) => [types.string(p.name), copy(btf, p.type)]);
          return types.type('', t.kind, t.params.length, copy(btf, t.type), params);
        }
        case BTF_KIND_STRUCT:
        case BTF_KIND_UNION:
        case BTF_KIND_FWD:
          return types.type(t.name, t.kind, 0, 0);
        case BTF_KIND_ENUM:
        case BTF_KIND_ENUM64:
        case BTF_KIND_FLOAT:
          return types.type(t.name, t.kind, 0, t.size);
        default:
          return 0;
      }
    }
  };

  return {
    declare(name, kind, found) {
      const isVar = kind === 'var';
      const type =
        found !== null
          ? copy(found.btf, found.btf.type(found.id).type)
          : isVar
            ? 0
            : types.type('', BTF_KIND_FUNC_PROTO, 0, 0);
      const own = program?.find(name, isVar ? BTF_KIND_VAR : BTF_KIND_FUNC) ?? 0;
      if (own === 0)
        ids.push(
          isVar
            ? types.type(name, BTF_KIND_VAR, 0, type, [BTF_EXTERN])
            : types.type(name, BTF_KIND_FUNC, BTF_EXTERN, type),
        );
      else {
        // libbpf wants one declaration of a name
        types.change(
          own,
          isVar ? { 2: type, 3: BTF_EXTERN } : { 1: (BTF_KIND_FUNC << 24) | BTF_EXTERN, 2: type },
        );
        ids.push(own);
      }
    },
    finish() {
      if (ids.length > 0)
        types.type(
          SYMBOL_SECTION,
          BTF_KIND_DATASEC,
          ids.length,
          0,
          ids.flatMap((id) => [id, 0, 0]),
        );
    },
  };
}
