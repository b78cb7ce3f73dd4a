import { disassemble } from '../../asm/disassemble.ts';
import { convert } from '../../asm/dialects/convert.ts';
import type { Converted, ConvertedRef, DialectName } from '../../asm/dialects/dialect.ts';
import { helperId, helperName } from '../../kernel/helper-access.ts';
import { mapConstant } from '../../program/map-def.ts';

const DIALECTS: Readonly<Record<DialectName, string>> = {
  'verifier-log': 'a verifier log',
  xlated: 'a dump by bpftool',
  objdump: 'a disassembly by llvm-objdump',
  hex: 'a hex dump',
  macros: 'C macros of instructions',
  mnemonic: 'mnemonics',
  prevail: 'PREVAIL’s notation',
};

/** Recognises a pasted text in another notation and writes it as a program text; null if it is none. */
export function convertText(text: string): { readonly dialect: string; readonly source: string; readonly notes: readonly string[] } | null {
  const converted = convert(text, {
    helperId,
    constant: (name) => {
      const value = mapConstant(name);
      return value === null ? null : BigInt(value);
    },
  });
  if (converted === null || converted.insns.length === 0) return null;
  return {
    dialect: DIALECTS[converted.dialect],
    source: sourceOf(converted),
    notes: [...converted.errors, ...converted.notes].map(({ line, message }) => `line ${line}: ${message}`),
  };
}

interface MapGuess {
  readonly name: string;
  readonly keySize: number;
  readonly valueSize: number;
}

function sourceOf(converted: Converted): string {
  const { insns, refs, labels } = converted;
  const maps = new Map<string, MapGuess>();
  const symbols = new Map<number, string>();
  for (const [slot, ref] of refs) {
    const map = mapOf(ref, maps.size);
    if (map !== null) {
      if (!maps.has(map.name)) maps.set(map.name, map);
      const offset = insns.src[slot] === 2 ? insns.imm[slot + 1] : 0;
      symbols.set(slot, offset === 0 ? map.name : `${map.name}+${offset}`);
    } else if (ref.kind === 'ksym' && ref.name !== null) symbols.set(slot, ref.name);
  }
  const functions = new Map([...labels].map(([name, slot]) => [slot, identifier(name)]));
  if (!functions.has(0)) functions.set(0, 'main');
  const body = disassemble(insns, {
    helper: (id) => (helperId(helperName(id)) === id ? helperName(id) : null),
    kfunc: (i) => {
      const ref = refs.get(i);
      return ref?.kind === 'kfunc' || ref?.kind === 'symbol' ? ref.name : null;
    },
    symbol: (i) => symbols.get(i) ?? null,
    func: (slot) => functions.get(slot) ?? null,
  });
  const ksyms = [...refs.values()].flatMap((ref) => (ref.kind === 'ksym' && ref.name !== null ? [`extern const int ${ref.name} __ksym;`] : []));
  const declarations = [...[...maps.values()].map(declareMap), ...new Set(ksyms)];
  const c = declarations.length === 0 ? '' : `.c\n${declarations.join('\n')}\n.endc\n`;
  return `.prog   socket                  // what it was loaded as is not in the text: say it here\n.license GPL\n${c}\n${body}`;
}

function mapOf(ref: ConvertedRef, count: number): MapGuess | null {
  if (ref.kind === 'map') return { name: identifier(ref.name ?? `map_${count}`), keySize: ref.keySize ?? 4, valueSize: ref.valueSize ?? 8 };
  if (ref.kind === 'symbol' && ref.use === 'address') return { name: identifier(ref.name), keySize: 4, valueSize: 8 };
  return null;
}

function declareMap({ name, keySize, valueSize }: MapGuess): string {
  return `struct {
	__uint(type, ${keySize === 4 ? 'BPF_MAP_TYPE_ARRAY' : 'BPF_MAP_TYPE_HASH'});
	__uint(max_entries, 1);
	__uint(key_size, ${keySize});
	__uint(value_size, ${valueSize});
} ${name} SEC(".maps");`;
}

function identifier(name: string): string {
  const clean = name.replace(/\W/g, '_');
  return /^[A-Za-z_]/.test(clean) ? clean : `_${clean}`;
}
