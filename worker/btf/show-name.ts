import { BTF_KIND_ARRAY, BTF_KIND_ENUM, BTF_KIND_ENUM64, BTF_KIND_PTR, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF, BTF_KIND_UNION, type Btf } from './btf.ts';
import { isVoid, skipQualifiers } from './walk.ts';

const MAX_STEPS = 8;

/**
 * A type's name in parentheses as the kernel shows it when it prints typed data, e.g. `(struct task_struct)`,
 * `(char *)`, `(u32[])[`; empty if it nests too deep.
 */
export function shownTypeName(btf: Btf, id: number): string {
  let t = btf.type(id);
  let name = '';
  let pointers = '';
  let arrays = '';
  let steps = 0;
  for (; steps < MAX_STEPS; steps++) {
    let next: number;
    if (t.kind === BTF_KIND_TYPEDEF) {
      if (name === '') name = t.name;
      next = t.type;
    } else if (t.kind === BTF_KIND_ARRAY) {
      arrays += '[]';
      next = t.array!.elem;
    } else if (t.kind === BTF_KIND_PTR) {
      pointers += '*';
      next = t.type;
    } else break;
    t = skipQualifiers(btf, next);
    if (next === 0) break;
  }
  if (steps === MAX_STEPS) return '';
  const isTypedef = name !== '';
  if (!isTypedef) name = isVoid(t) ? 'void' : t.name;
  let prefix = '';
  if (!isTypedef) {
    if (t.kind === BTF_KIND_STRUCT) prefix = 'struct';
    else if (t.kind === BTF_KIND_UNION) prefix = 'union';
    else if (t.kind === BTF_KIND_ENUM || t.kind === BTF_KIND_ENUM64) prefix = 'enum';
  }
  const space = prefix !== '' && name !== '' ? ' ' : '';
  const stars = pointers === '' ? '' : ` ${pointers}`;
  const text = `${prefix}${space}${name}${stars}${arrays}`;
  // the kernel goes on with what opens the data; reports cut a struct's brace off, but not an array's bracket
  return `(${text})${arrays !== '' && pointers === '' ? '[' : ''}`;
}
