import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Btf } from '../../worker/btf/btf.ts';
import { BtfError } from '../../worker/btf/error.ts';
import { parseBtf } from '../../worker/btf/parse.ts';
import { directory, fileBytes, fileText, options, UsageError } from '../../worker/cli/usage.ts';
import type { KfuncFact } from './kfuncs.ts';

export const HELP = `Generates the kernel model from a kernel's own data.

  --source DIR     an unpacked kernel tree
  --btf FILE       its BTF, as /sys/kernel/btf/vmlinux has it; may be compressed with gzip
  --kfuncs FILE    a JSON array of {name, flags, sets, module?} read from the image
  --version TEXT   what the kernel is called: 7.3.4
  --off A,B        options that it was built without (default: CONFIG_SCHED_CLASS_EXT)
  --out DIR        where the tables go (default: worker/kernel/generated)`;

/** What the tables are generated from. */
export interface Inputs {
  readonly version: string;
  readonly source: string;
  readonly btf: Btf;
  readonly kfuncs: readonly KfuncFact[];
  readonly off: ReadonlySet<string>;
  readonly out: string;
}

/** Reads what the command line names; null if help was wanted. Throws {@link UsageError}. */
export function readInputs(argv: readonly string[]): Inputs | null {
  const { values } = options({
    args: [...argv],
    options: {
      source: { type: 'string' },
      btf: { type: 'string' },
      kfuncs: { type: 'string' },
      version: { type: 'string' },
      off: { type: 'string', default: 'CONFIG_SCHED_CLASS_EXT' },
      out: {
        type: 'string',
        default: join(dirname(fileURLToPath(import.meta.url)), '../../worker/kernel/generated'),
      },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const need = (name: 'source' | 'btf' | 'kfuncs' | 'version'): string => {
    const value = values[name];
    if (value === undefined) throw new UsageError(`--${name} is missing; --help tells what it is`);
    return value;
  };
  const [version, tree, btf, kfuncs] = [need('version'), need('source'), need('btf'), need('kfuncs')];
  const source = directory(tree, 'an unpacked kernel tree');
  if (!existsSync(join(source, 'kernel/bpf/verifier.c')))
    throw new UsageError(`${source} is no kernel tree: it has no kernel/bpf/verifier.c`);
  return {
    version,
    source,
    btf: readBtf(btf),
    kfuncs: readKfuncs(kfuncs),
    off: new Set(values.off.split(',')),
    out: values.out,
  };
}

function readBtf(path: string): Btf {
  const bytes = fileBytes(path, "the kernel's BTF");
  try {
    return parseBtf(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes, { name: 'vmlinux' });
  } catch (error) {
    if (error instanceof BtfError || (error instanceof Error && 'code' in error))
      throw new UsageError(`${path} is no BTF: ${error.message}`);
    throw error;
  }
}

function readKfuncs(path: string): readonly KfuncFact[] {
  const text = fileText(path, 'a JSON array of kfuncs');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path}: no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(value)) throw new UsageError(`${path}: no array of kfuncs`);
  const odd = value.findIndex(
    (row: unknown) =>
      typeof row !== 'object' ||
      row === null ||
      typeof (row as KfuncFact).name !== 'string' ||
      typeof (row as KfuncFact).flags !== 'number' ||
      !Array.isArray((row as KfuncFact).sets),
  );
  if (odd !== -1) throw new UsageError(`${path}: row ${odd} is not {name, flags, sets, module?}`);
  return value as readonly KfuncFact[];
}
