import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseFunction, type CFunction } from './c-parse.ts';

/** Folders and headers of the kernel that define what BPF programs may do. */
const PLACES: readonly string[] = [
  'kernel/bpf',
  'kernel/trace',
  'kernel/cgroup',
  'net/core',
  'net/ipv4',
  'net/netfilter',
  'net/sched',
  'net/unix',
  'net/xfrm',
  'net/bpf',
  'net/smc',
  'net/mptcp',
  'drivers/media/rc',
  'drivers/hid/bpf',
  'fs',
  'fs/verity',
  'mm',
  'security',
  'io_uring',
  'tools/testing/selftests/bpf/test_kmods',
];
const HEADERS: readonly string[] = [
  'include/linux/bpf.h',
  'include/linux/filter.h',
  'include/linux/bpf_verifier.h',
  'include/linux/bpf_types.h',
  'include/linux/btf_ids.h',
  'include/linux/lsm_hook_defs.h',
];

/** Folders searched in depth for ALLOW_ERROR_INJECTION; its macro uses for system calls are a rule of names. */
const ERROR_INJECTION_PLACES: readonly string[] = [
  'kernel',
  'fs',
  'mm',
  'block',
  'net',
  'lib',
  'security',
  'io_uring',
  'tools/testing/selftests/bpf/test_kmods',
];

/** Options that the modelled kernel has off; all others count as on. */
export interface Config {
  readonly off: ReadonlySet<string>;
}

/** The kernel's source, comments removed and conditionals resolved. */
export interface Source {
  readonly files: ReadonlyMap<string, string>;
  /** Definition of a function, in `file` if it has one of the name, else anywhere. */
  function(name: string, file: string | null): { readonly fn: CFunction; readonly file: string } | null;
  /** Names in a `BTF_SET_START(name)` or `BTF_KFUNCS_START(name)` set. */
  set(name: string): readonly string[];
  /** Functions marked ALLOW_ERROR_INJECTION by name. */
  readonly errorInjection: readonly string[];
  /** Entries of a `BTF_ID_LIST` in order, `[kind, name]`. */
  idList(name: string): readonly (readonly [string, string])[];
}

/** Removes comments, and lines whose `#if` is off under the config. */
export function preprocess(text: string, config: Config): string {
  const lines = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, '')).split('\n');
  const out: string[] = [];
  const stack: { on: boolean; taken: boolean }[] = [];
  const alive = (): boolean => stack.every((frame) => frame.on);
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i].replace(/\/\/.*$/, '');
    const directive = /^\s*#\s*(\w+)\s*(.*)$/.exec(line);
    if (!directive) {
      out.push(alive() ? line : '');
      continue;
    }
    const word = directive[1];
    let rest = directive[2];
    while (line.endsWith('\\')) {
      line = lines[++i] ?? '';
      rest += ' ' + line;
      out.push('');
    }
    out.push('');
    if (word === 'if') push(condition(rest, config));
    else if (word === 'ifdef') push(defined(rest.trim(), config));
    else if (word === 'ifndef') push(!defined(rest.trim(), config));
    else if (word === 'elif') {
      const frame = stack[stack.length - 1];
      frame.on = !frame.taken && condition(rest, config);
      frame.taken ||= frame.on;
    } else if (word === 'else') {
      const frame = stack[stack.length - 1];
      frame.on = !frame.taken;
      frame.taken = true;
    } else if (word === 'endif') stack.pop();
    else if (word === 'define' && alive()) out[out.length - 1] = `\u0001define ${rest}`;
  }
  return out.join('\n');

  function push(on: boolean): void {
    stack.push({ on, taken: on });
  }
}

/** Macros that are defined although they are no config option. */
const DEFINED = new Set(['__KERNEL__']);

function defined(name: string, config: Config): boolean {
  return name.startsWith('CONFIG_') ? !config.off.has(name) : DEFINED.has(name);
}

function condition(text: string, config: Config): boolean {
  const js = text
    .replace(/\bIS_MODULE\s*\(\s*\w+\s*\)/g, '0')
    .replace(/\b(IS_ENABLED|IS_BUILTIN|IS_REACHABLE)\s*\(\s*(\w+)\s*\)/g, (_m, _f, name: string) =>
      defined(name, config) ? '1' : '0',
    )
    .replace(/\bdefined\s*\(?\s*(\w+)\s*\)?/g, (_m, name: string) => (defined(name, config) ? '1' : '0'))
    .replace(/[A-Za-z_]\w*(\s*\([^)]*\))?/g, '0')
    .replace(/\\/g, '');
  if (!/^[\s\d!&|()<>=+*-]+$/.test(js)) return false;
  try {
    return Boolean(new Function(`return (${js.replace(/\b0+(\d)/g, '$1')})`)());
  } catch (error) {
    // arithmetic of macros that this reader does not expand: not among the files' BPF parts
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function markedFunctions(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markedFunctions(path);
    if (!entry.name.endsWith('.c')) return [];
    return [...readFileSync(path, 'utf8').matchAll(/^ALLOW_ERROR_INJECTION\((\w+),/gm)].map(
      (match) => match[1],
    );
  });
}

/** Reads the kernel's source tree. */
export function readSource(root: string, config: Config): Source {
  const files = new Map<string, string>();
  for (const header of HEADERS)
    files.set(header, preprocess(readFileSync(join(root, header), 'utf8'), config));
  for (const place of PLACES) {
    for (const name of readdirSync(join(root, place)).sort()) {
      if (!name.endsWith('.c')) continue;
      const text = readFileSync(join(root, place, name), 'utf8');
      if (/bpf/i.test(text)) files.set(`${place}/${name}`, preprocess(text, config));
    }
  }
  const errorInjection = ERROR_INJECTION_PLACES.flatMap((place) => markedFunctions(join(root, place))).sort();
  const cache = new Map<string, { fn: CFunction; file: string } | null>();

  const inFile = (name: string, file: string, weak: boolean): { fn: CFunction; file: string } | null => {
    const text = files.get(file);
    if (text === undefined || !text.includes(name)) return null;
    // a definition starts a line or follows its type, and its parameter list is followed by a body
    const pattern = new RegExp(`^(?:[A-Za-z_][\\w\\s*]*[\\s*])?${name}\\(`, 'gm');
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const start = match.index + match[0].length - name.length - 1;
      const open = text.indexOf('{', start);
      const semicolon = text.indexOf(';', start);
      if (open < 0 || (semicolon >= 0 && semicolon < open)) continue;
      // the storage class may stand on the line before
      const head = text.slice(text.lastIndexOf('\n\n', start) + 1, start);
      if (/\b__weak\b/.test(head) !== weak) continue;
      const end = text.indexOf('\n}', open);
      return { fn: parseFunction(text.slice(start, end + 2)), file };
    }
    return null;
  };

  return {
    files,
    errorInjection,
    function(name, file) {
      const key = `${file ?? ''}:${name}`;
      let found = cache.get(key);
      if (found === undefined) {
        found = file === null ? null : inFile(name, file, false);
        for (const weak of [false, true]) {
          for (const other of files.keys()) found ??= inFile(name, other, weak);
        }
        cache.set(key, found);
      }
      return found;
    },
    set(name) {
      for (const text of files.values()) {
        const match = new RegExp(
          `BTF_(?:SET8?|KFUNCS)_START\\(${name}\\)([\\s\\S]*?)BTF_(?:SET8?|KFUNCS)_END\\(`,
        ).exec(text);
        if (match)
          return [...match[1].matchAll(/BTF_ID(?:_FLAGS)?\(\s*\w+\s*,\s*(\w+)/g)].map((entry) => entry[1]);
      }
      throw new Error(`no BTF set ${name} in the source`);
    },
    idList(name) {
      for (const text of files.values()) {
        const single = new RegExp(
          `BTF_ID_LIST(?:_GLOBAL)?_SINGLE\\(${name}\\s*,\\s*(\\w+)\\s*,\\s*(\\w+)`,
        ).exec(text);
        if (single) return [[single[1], single[2]]];
        const list = new RegExp(
          `BTF_ID_LIST(?:_GLOBAL)?\\(${name}\\b[^)]*\\)\\s*\\n((?:\\s*(?:BTF_ID\\([^)]*\\)|BTF_ID_UNUSED)?\\s*\\n)*)`,
        ).exec(text);
        if (list)
          return [...list[1].matchAll(/BTF_ID\(\s*(\w+)\s*,\s*(\w+)/g)].map(
            (entry) => [entry[1], entry[2]] as const,
          );
      }
      throw new Error(`no BTF id list ${name} in the source`);
    },
  };
}
