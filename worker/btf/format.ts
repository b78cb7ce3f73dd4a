import {
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_DATASEC,
  BTF_KIND_DECL_TAG,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_PTR,
  BTF_KIND_RESTRICT,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_TYPE_TAG,
  BTF_KIND_UNION,
  BTF_KIND_UNKN,
  BTF_KIND_VAR,
  BTF_KIND_VOLATILE,
} from './btf.ts';
import type { Btf, BtfType } from './btf.ts';
import { isStructOrUnion } from './walk.ts';

/** Kind names as the kernel prints them in verifier messages (btf_type_str); index is the kind. */
const KIND_NAMES: readonly string[] = [
  'UNKNOWN',
  'INT',
  'PTR',
  'ARRAY',
  'STRUCT',
  'UNION',
  'ENUM',
  'FWD',
  'TYPEDEF',
  'VOLATILE',
  'CONST',
  'RESTRICT',
  'FUNC',
  'FUNC_PROTO',
  'VAR',
  'DATASEC',
  'FLOAT',
  'DECL_TAG',
  'TYPE_TAG',
  'ENUM64',
];

/** `STRUCT`, `PTR`, …: the kernel's name of a type's kind. */
export function kindName(t: BtfType): string {
  return KIND_NAMES[t.kind];
}

/** A type's own name as kernel messages print it: `(anon)` if it has none. */
export function nameOrAnon(name: string): string {
  return name === '' ? '(anon)' : name;
}

/** How deep declarators nest before the printer gives up with `…`. */
const DEPTH_MAX = 24;

/** C spelling of a type without a declared name: `struct task_struct *`, `int[4]`, `void (*)(int)`. */
export function typeName(btf: Btf, id: number): string {
  return declare(btf, id, '', DEPTH_MAX);
}

/** C declaration of `name` with this type: `char comm[16]`, `int (*fn)(void *)`. */
export function declaration(btf: Btf, id: number, name: string): string {
  return declare(btf, id, name, DEPTH_MAX);
}

function declare(btf: Btf, id: number, inner: string, depth: number): string {
  if (depth === 0) return `… ${inner}`.trimEnd();
  const t = btf.type(id);
  const named = (text: string): string => (inner === '' ? text : `${text} ${inner}`);
  switch (t.kind) {
    case BTF_KIND_UNKN:
      return named('void');
    case BTF_KIND_PTR: {
      const { id: target, qualifiers } = pointee(btf, t.type);
      const kind = btf.type(target).kind;
      const tags = qualifiers.tags.map((tag) => ` __attribute__((btf_type_tag("${tag}")))`).join('');
      const star = inner === '' || inner.startsWith('*') || inner.startsWith('[') || inner.startsWith(')') ? `*${inner}` : `*${inner}`;
      const declarator = kind === BTF_KIND_ARRAY || kind === BTF_KIND_FUNC_PROTO ? `(${star})` : star;
      const text = declare(btf, target, tags === '' ? declarator : `${tags.trimStart()} ${declarator}`, depth - 1);
      return qualifiers.words === '' ? text : `${qualifiers.words} ${text}`;
    }
    case BTF_KIND_ARRAY:
      return declare(btf, t.array!.elem, `${inner}[${t.array!.count}]`, depth - 1);
    case BTF_KIND_FUNC_PROTO:
      return declare(btf, t.type, `${inner}(${parameters(btf, t, depth - 1)})`, depth - 1);
    case BTF_KIND_CONST:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_RESTRICT: {
      const word = t.kind === BTF_KIND_CONST ? 'const' : t.kind === BTF_KIND_VOLATILE ? 'volatile' : 'restrict';
      const target = btf.type(t.type);
      if (target.kind === BTF_KIND_PTR) return declare(btf, t.type, inner === '' ? ` ${word}` : ` ${word} ${inner}`, depth - 1);
      return `${word} ${declare(btf, t.type, inner, depth - 1)}`;
    }
    case BTF_KIND_TYPE_TAG:
      return declare(btf, t.type, inner, depth - 1);
    case BTF_KIND_FUNC:
      return declare(btf, t.type, inner === '' ? t.name : inner, depth - 1);
    case BTF_KIND_VAR:
      return declare(btf, t.type, inner === '' ? t.name : inner, depth - 1);
    case BTF_KIND_DATASEC:
    case BTF_KIND_DECL_TAG:
      return t.name;
    default:
      return named(`${keyword(t)}${t.name === '' ? '{…}' : t.name}`);
  }
}

/** Qualifiers and tags between a pointer and what it points to. */
function pointee(btf: Btf, id: number): { id: number; qualifiers: { words: string; tags: string[] } } {
  const words: string[] = [];
  const tags: string[] = [];
  let t = btf.type(id);
  for (; t.kind === BTF_KIND_TYPE_TAG || t.kind === BTF_KIND_CONST || t.kind === BTF_KIND_VOLATILE; t = btf.type(t.type)) {
    if (t.kind === BTF_KIND_TYPE_TAG) tags.push(t.name);
    else if (btf.type(t.type).kind === BTF_KIND_PTR) break;
    else words.push(t.kind === BTF_KIND_CONST ? 'const' : 'volatile');
  }
  return { id: t.id, qualifiers: { words: words.join(' '), tags } };
}

function keyword(t: BtfType): string {
  switch (t.kind) {
    case BTF_KIND_STRUCT:
      return 'struct ';
    case BTF_KIND_UNION:
      return 'union ';
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
      return 'enum ';
    case BTF_KIND_FWD:
      return t.kindFlag ? 'union ' : 'struct ';
    default:
      return '';
  }
}

function parameters(btf: Btf, proto: BtfType, depth: number): string {
  if (proto.params.length === 0) return 'void';
  return proto.params.map((p) => (p.type === 0 && p.name === '' ? '...' : declare(btf, p.type, p.name, depth))).join(', ');
}

/** Prototype of a FUNC as in a header: `struct task_struct *bpf_task_acquire(struct task_struct *p)`. */
export function formatFunc(btf: Btf, id: number): string {
  return declare(btf, id, '', DEPTH_MAX);
}

/**
 * Definition of a struct, union, enum or typedef over several lines, members with `/* offset *\/` comments; other
 * kinds give their name. `maxMembers` cuts long ones short.
 */
export function formatDefinition(btf: Btf, id: number, maxMembers = 60): string {
  const t = btf.type(id);
  if (isStructOrUnion(t)) {
    const lines = t.members.slice(0, maxMembers).map((m) => {
      const bits = m.bitSize === 0 ? '' : ` : ${m.bitSize}`;
      const at = m.bitOffset % 8 === 0 ? String(m.bitOffset / 8) : `${m.bitOffset >> 3}:${m.bitOffset & 7}`;
      return `\t${declaration(btf, m.type, m.name)}${bits}; /* ${at} */`;
    });
    if (t.members.length > maxMembers) lines.push(`\t/* and ${t.members.length - maxMembers} more */`);
    return `${keyword(t)}${t.name}${t.name === '' ? '' : ' '}{\n${lines.join('\n')}${lines.length === 0 ? '' : '\n'}}; /* size ${t.size} */`;
  }
  if (t.kind === BTF_KIND_ENUM || t.kind === BTF_KIND_ENUM64) {
    const lines = t.enumerators.slice(0, maxMembers).map((e) => `\t${e.name} = ${e.value},`);
    if (t.enumerators.length > maxMembers) lines.push(`\t/* and ${t.enumerators.length - maxMembers} more */`);
    return `enum ${t.name} {\n${lines.join('\n')}\n};`;
  }
  if (t.kind === BTF_KIND_TYPEDEF) return `typedef ${declaration(btf, t.type, t.name)};`;
  return `${typeName(btf, id)};`;
}
