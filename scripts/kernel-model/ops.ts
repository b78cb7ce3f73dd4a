import type { Source } from './source.ts';

/** `struct bpf_verifier_ops` of a program type or struct_ops type, as function names. */
export interface Ops {
  readonly name: string;
  readonly file: string;
  readonly funcProto: string | null;
  readonly validAccess: string | null;
}

/** All verifier ops by the name before `_verifier_ops`. */
export function readOps(source: Source): ReadonlyMap<string, Ops> {
  const all = new Map<string, Ops>();
  for (const [file, text] of source.files) {
    for (const match of text.matchAll(
      /const struct bpf_verifier_ops (\w+?)(?:_verifier_ops(\d*)) = \{([\s\S]*?)\n\};/g,
    )) {
      all.set(match[1] + match[2], {
        name: match[1] + match[2],
        file,
        funcProto: /\.get_func_proto\s*=\s*(\w+)/.exec(match[3])?.[1] ?? null,
        validAccess: /\.is_valid_access\s*=\s*(\w+)/.exec(match[3])?.[1] ?? null,
      });
    }
  }
  return all;
}

/** A struct_ops type: name of the struct, its verifier ops, its file, the members that programs may implement. */
export interface StructOpsType {
  readonly name: string;
  readonly ops: string;
  readonly file: string;
  readonly members: readonly string[];
}

/** struct_ops types by their registrations. A member without a stub is "unsupported". */
export function readStructOps(source: Source): readonly StructOpsType[] {
  const all: StructOpsType[] = [];
  for (const [file, text] of source.files) {
    for (const match of text.matchAll(/struct bpf_struct_ops \w+ = \{([\s\S]*?)\n\};/g)) {
      const ops = /\.verifier_ops\s*=\s*&(\w+?)_verifier_ops(\d*)/.exec(match[1]);
      const name = /\.name\s*=\s*"(\w+)"/.exec(match[1]);
      const stubs = /\.cfi_stubs\s*=\s*(?:\([^)]*\)\s*)?&(\w+)/.exec(match[1]);
      if (ops && name)
        all.push({
          name: name[1],
          ops: ops[1] + ops[2],
          file,
          members: stubs ? stubMembers(text, stubs[1]) : [],
        });
    }
  }
  return all;
}

function stubMembers(text: string, object: string): string[] {
  const match = new RegExp(`\\b${object}\\s*=\\s*\\{([\\s\\S]*?)\\n\\};`).exec(text);
  return match ? [...match[1].matchAll(/^\s*\.(\w+)\s*=/gm)].map((field) => field[1]) : [];
}

/** Rows of bpf_types.h: program types with their ops and ctx types. */
export function readProgTypes(
  source: Source,
): readonly {
  readonly constant: string;
  readonly ops: string;
  readonly ctx: string;
  readonly kernelCtx: string;
}[] {
  const text = source.files.get('include/linux/bpf_types.h') ?? '';
  return [...text.matchAll(/BPF_PROG_TYPE\((\w+),\s*(\w+),\s*([^,]+),\s*([^)]+)\)/g)].map((row) => ({
    constant: row[1],
    ops: row[2],
    ctx: row[3].trim(),
    kernelCtx: row[4].trim(),
  }));
}

/** Rows of bpf_types.h: map types with their ops. */
export function readMapTypes(source: Source): readonly { readonly constant: string; readonly ops: string }[] {
  const text = source.files.get('include/linux/bpf_types.h') ?? '';
  return [...text.matchAll(/BPF_MAP_TYPE\((\w+),\s*(\w+)\)/g)].map((row) => ({
    constant: row[1],
    ops: row[2],
  }));
}
