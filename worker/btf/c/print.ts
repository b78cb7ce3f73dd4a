import {
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_RESTRICT,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_TYPE_TAG,
  BTF_KIND_UNION,
  BTF_KIND_UNKN,
  BTF_KIND_VOLATILE,
} from '../btf.ts';
import type { Btf, BtfType } from '../btf.ts';
import { skipModifiers } from '../walk.ts';
import { PREDEFINED_STRUCTS, PREDEFINED_TYPEDEFS } from './builtin.ts';
import { declTag, structBody } from './print-struct.ts';
import type { TypePrinter } from './print-struct.ts';

/** Type tags that have a word of their own. */
const TAG_WORDS = new Set([
  'kptr',
  'kptr_untrusted',
  'percpu_kptr',
  'uptr',
  'rcu',
  'user',
  'percpu',
  'arena',
]);

/** Writes types of BTF as C that the text's C part reads back. */
export interface CPrinter extends TypePrinter {
  /** Prototype of a FUNC under another name, argument tags included. */
  prototype(func: number, name: string): string;
  /** Defines a struct without a name under one. */
  defineAs(id: number, name: string): void;
  /** Definitions that what was written so far needs, in an order in which they can be read. Call it last. */
  definitions(): string[];
}

/**
 * Makes a printer. `named`: structs that need only be named where something points to them (the kernel's own).
 * Structs are defined once, where the first value of them is; names of types are unique in C, so of two types with one name the first
 * wins.
 */
export function cPrinter(btf: Btf, named: (struct: string) => boolean): CPrinter {
  const done = new Set<string>();
  const out: string[] = [];
  const pointees: BtfType[] = [];
  const constants = new Set<string>();

  const printer: CPrinter = {
    btf,
    declare: (id, name) => declare(id, name),
    define,
    prototype(func, name) {
      const f = btf.type(func);
      const proto = btf.type(f.type);
      const tags = btf.declTags(func);
      const params = proto.params.map((p, i) => {
        if (p.type === 0 && p.name === '') return '...';
        const own = tags.filter(([, at]) => at === i).map(([tag]) => ` ${declTag(printer, tag)}`);
        return declare(p.type, p.name) + own.join('');
      });
      return declare(proto.type, `${name}(${params.length === 0 ? 'void' : params.join(', ')})`);
    },
    defineAs(id, name) {
      const t = btf.type(id);
      const body = bodyOf(t);
      out.push(`${keyword(t)} ${name} ${body};`);
    },
    definitions() {
      for (let t = pointees.pop(); t !== undefined; t = pointees.pop()) define(t.id);
      return out;
    },
  };

  function declare(id: number, inner: string): string {
    const t = btf.type(id);
    const with_ = (text: string): string => (inner === '' ? text : `${text} ${inner}`);
    switch (t.kind) {
      case BTF_KIND_UNKN:
        return with_('void');
      case BTF_KIND_INT:
        return with_(t.name);
      case BTF_KIND_FLOAT:
        return with_(t.size === 4 ? 'float' : 'double');
      case BTF_KIND_PTR:
        return pointer(t, inner);
      case BTF_KIND_ARRAY: {
        const declarator = `${inner}[${t.array!.count}]`;
        return declare(t.array!.elem, declarator);
      }
      case BTF_KIND_FUNC_PROTO: {
        const params = t.params.map((p) => (p.type === 0 && p.name === '' ? '...' : declare(p.type, p.name)));
        return declare(t.type, `${inner}(${params.length === 0 ? 'void' : params.join(', ')})`);
      }
      case BTF_KIND_CONST:
      case BTF_KIND_VOLATILE:
      case BTF_KIND_RESTRICT: {
        const word =
          t.kind === BTF_KIND_CONST ? 'const' : t.kind === BTF_KIND_VOLATILE ? 'volatile' : 'restrict';
        // of a pointer it stands behind the star
        return btf.type(t.type).kind === BTF_KIND_PTR
          ? pointer(btf.type(t.type), inner === '' ? word : `${word} ${inner}`)
          : `${word} ${declare(t.type, inner)}`;
      }
      case BTF_KIND_TYPE_TAG:
        return declare(t.type, inner);
      case BTF_KIND_TYPEDEF:
        define(id);
        return with_(t.name);
      default:
        if (t.name === '') return with_(`${keyword(t)} ${t.kind === BTF_KIND_FWD ? '' : bodyOf(t)}`);
        define(id);
        return with_(`${keyword(t)} ${t.name}`);
    }
  }

  function pointer(t: BtfType, inner: string): string {
    const tags: string[] = [];
    const words: string[] = [];
    let target = btf.type(t.type);
    while (
      target.kind === BTF_KIND_TYPE_TAG ||
      ((target.kind === BTF_KIND_CONST || target.kind === BTF_KIND_VOLATILE) &&
        btf.type(target.type).kind !== BTF_KIND_PTR)
    ) {
      if (target.kind === BTF_KIND_TYPE_TAG)
        tags.push(
          TAG_WORDS.has(target.name) ? `__${target.name}` : `__attribute__((btf_type_tag("${target.name}")))`,
        );
      else words.push(target.kind === BTF_KIND_CONST ? 'const' : 'volatile');
      target = btf.type(target.type);
    }
    const before = words.map((word) => `${word} `).join('');
    // the outermost tag of BTF is the one that stands next to the star
    const star = `${tags
      .reverse()
      .map((tag) => `${tag} `)
      .join('')}*${inner}`;
    const isStruct =
      target.kind === BTF_KIND_STRUCT || target.kind === BTF_KIND_UNION || target.kind === BTF_KIND_FWD;
    if (isStruct && target.name !== '') {
      if (target.kind === BTF_KIND_FWD) opaque(target);
      else if (!named(target.name) && !done.has(`${keyword(target)} ${target.name}`)) pointees.push(target);
      return `${before}${keyword(target)} ${target.name} ${star}`;
    }
    const wraps = target.kind === BTF_KIND_ARRAY || target.kind === BTF_KIND_FUNC_PROTO;
    return before + declare(target.id, wraps ? `(${star})` : star);
  }

  function opaque(t: BtfType): void {
    const key = `${keyword(t)} ${t.name}`;
    if (
      done.has(key) ||
      named(t.name) ||
      btf.find(t.name, t.kindFlag ? BTF_KIND_UNION : BTF_KIND_STRUCT) !== 0
    )
      return;
    done.add(key);
    out.push(`${key};`);
  }

  /** Puts the definition of a named type out, after those of the types that it contains. */
  function define(id: number): void {
    const t = btf.type(id);
    if (t.kind === BTF_KIND_TYPEDEF) {
      if (done.has(t.name)) return;
      done.add(t.name);
      const known = PREDEFINED_TYPEDEFS.get(t.name);
      if (known !== undefined && skipModifiers(btf, t.id).kind === BTF_KIND_INT) return;
      const text = declare(t.type, t.name);
      const tags = btf.declTags(id).map(([tag]) => ` ${declTag(printer, tag)}`);
      out.push(`typedef ${text}${tags.join('')};`);
      return;
    }
    const key = `${keyword(t)} ${t.name}`;
    if (done.has(key)) return;
    done.add(key);
    if (t.kind === BTF_KIND_FWD) {
      out.push(`${key};`);
      return;
    }
    if (PREDEFINED_STRUCTS.has(t.name) && t.kind === BTF_KIND_STRUCT) return;
    const body = bodyOf(t);
    out.push(`${key} ${body};`);
  }

  function bodyOf(t: BtfType): string {
    if (t.kind === BTF_KIND_ENUM || t.kind === BTF_KIND_ENUM64) {
      const rows = t.enumerators.filter((e) => !constants.has(e.name));
      for (const { name } of rows) constants.add(name);
      // values of which each name stands in another enum already
      if (rows.length === 0) rows.push({ name: `__${t.name}_${t.id}`, value: t.enumerators[0]?.value ?? 0n });
      return `{ ${rows.map((e) => `${e.name} = ${e.value}`).join(', ')} }`;
    }
    return structBody(printer, t);
  }

  return printer;
}

function keyword(t: BtfType): string {
  switch (t.kind) {
    case BTF_KIND_UNION:
      return 'union';
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
      return 'enum';
    case BTF_KIND_FWD:
      return t.kindFlag ? 'union' : 'struct';
    default:
      return 'struct';
  }
}
