import { BTF_GLOBAL, BTF_STATIC } from '../build.ts';
import type { BtfBuilder, SectionVar } from '../build.ts';
import type { BtfMember } from '../btf.ts';
import { BASE_TYPES } from './builtin.ts';
import type { CFunction, CKsym, CSection } from './unit.ts';
import { bare } from './types.ts';
import type { CFunc, CType } from './types.ts';

/** Puts C types into a builder; each struct, enum and typedef once. */
export interface CEmitter {
  /** BTF id of a type; 0 for void. */
  type(type: CType): number;
  /** FUNC with its prototype and argument tags. */
  func(f: Pick<CFunction, 'name' | 'type' | 'static' | 'declTags'>): number;
  /** FUNC (as global, which the kernel accepts) or VAR of a kernel symbol. */
  ksym(symbol: CKsym): number;
  /** DATASEC with its variables. */
  section(section: CSection): number;
  /** DATASEC `.maps` with one variable per map. */
  maps(types: ReadonlyMap<string, CType>): number;
}

/**
 * Makes an emitter. A struct that the text names but neither defines nor declares (`struct x;`) becomes an empty
 * definition: what a kptr or a trusted argument of a kernel type needs, and all that a program can say of it.
 */
export function cEmitter(builder: BtfBuilder): CEmitter {
  const ids = new Map<CType, number>();
  /** Structs whose members wait: filled from here, not by recursion, so that long chains of structs do no harm. */
  const waiting: (() => void)[] = [];
  let filling = false;

  const type = (t: CType): number => {
    const id = declare(t);
    if (!filling) {
      filling = true;
      for (let fill = waiting.shift(); fill !== undefined; fill = waiting.shift()) fill();
      filling = false;
    }
    return id;
  };

  const declare = (t: CType): number => {
    if (t.kind === 'void') return 0;
    const known = ids.get(t);
    if (known !== undefined) return known;
    const id = t.kind === 'struct' ? struct(t) : other(t);
    ids.set(t, id);
    return id;
  };

  const other = (t: Exclude<CType, { kind: 'struct' | 'void' }>): number => {
    switch (t.kind) {
      case 'int':
        return builder.int(t.name, t.size, t.encoding);
      case 'float':
        return builder.float(t.name, t.size);
      case 'ptr':
        return builder.ptr(declare(t.to));
      case 'array':
        return builder.array(declare(t.elem), builder.int('__ARRAY_SIZE_TYPE__', 4, 0), t.count ?? 0);
      case 'qualified':
        return builder.qualifier(t.word, declare(t.of));
      case 'tagged':
        return builder.typeTag(t.tag, declare(t.of));
      case 'typedef': {
        const id = builder.typedef(t.name, declare(t.of));
        for (const tag of t.declTags) builder.declTag(tag, id, -1);
        return id;
      }
      case 'enum':
        return builder.enumeration(t.name, t.size, t.signed, t.values ?? []);
      case 'func':
        return proto(t);
    }
  };

  const struct = (t: Extract<CType, { kind: 'struct' }>): number => {
    if (t.members === null && t.declaredForward) return builder.fwd(t.name, t.union);
    const id = builder.reserveStruct();
    ids.set(t, id);
    waiting.push(() => {
      const members = (t.members ?? []).map(
        (m): BtfMember => ({ name: m.name, type: declare(m.type), bitOffset: m.bitOffset, bitSize: m.bits ?? 0 }),
      );
      builder.defineStruct(id, t.name, t.union, t.members === null ? 0 : t.size, members);
      for (const tag of t.declTags) builder.declTag(tag, id, -1);
      (t.members ?? []).forEach((m, i) => m.declTags.forEach((tag) => builder.declTag(tag, id, i)));
    });
    return id;
  };

  const proto = (f: CFunc, named = false): number => {
    const params = f.params.map((p, i) => ({ name: p.name === '' && named ? `arg${i + 1}` : p.name, type: type(p.type) }));
    if (f.variadic) params.push({ name: '', type: 0 });
    return builder.funcProto(type(f.result), params);
  };

  const func: CEmitter['func'] = (f) => {
    const id = builder.func(f.name, proto(f.type, true), f.static ? BTF_STATIC : BTF_GLOBAL);
    for (const tag of f.declTags) builder.declTag(tag, id, -1);
    f.type.params.forEach((p, i) => p.declTags.forEach((tag) => builder.declTag(tag, id, i)));
    return id;
  };

  return {
    type,
    func,
    ksym(symbol) {
      const t = bare(symbol.type);
      if (t.kind === 'func') return func({ name: symbol.name, type: t, static: false, declTags: symbol.declTags });
      // As libbpf does: an extern variable has no place in the program, so it gets the type int.
      return builder.variable(symbol.name, type(BASE_TYPES.get('int')!), BTF_GLOBAL);
    },
    section(section) {
      const vars = section.variables.map((v): SectionVar => {
        const id = builder.variable(v.name, type(v.type), v.static ? BTF_STATIC : BTF_GLOBAL);
        for (const tag of v.declTags) builder.declTag(tag, id, -1);
        return { type: id, offset: v.offset, size: v.size };
      });
      return builder.section(section.name, section.size, vars);
    },
    maps(types) {
      let offset = 0;
      const vars = [...types].map(([name, t]): SectionVar => {
        const size = structSize(t);
        const v = { type: builder.variable(name, type(t), BTF_GLOBAL), offset, size };
        offset += size;
        return v;
      });
      return builder.section('.maps', offset, vars);
    },
  };
}

function structSize(t: CType): number {
  const s = bare(t);
  return s.kind === 'struct' ? s.size : 0;
}
