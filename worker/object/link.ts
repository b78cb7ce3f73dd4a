import { Insns } from '../isa/insns.ts';
import { BPF_PSEUDO_CALL, BPF_PSEUDO_FUNC } from '../isa/opcodes.ts';
import type { ElfSymbol } from './elf.ts';
import { ObjectError } from './error.ts';
import type { CodeSection, ObjectFunction } from './functions.ts';
import { functionAt, SUBPROGRAMS } from './functions.ts';
import type { CompiledObject, ObjectProgram } from './open.ts';

/** A function in a linked program. */
export interface Piece {
  readonly func: ObjectFunction;
  readonly section: CodeSection;
  /** Its first instruction in the program. */
  readonly at: number;
}

/** A program with the functions that it calls, calls filled in. */
export interface LinkedCode {
  readonly insns: Insns;
  /** In the order in which they lie. */
  readonly pieces: readonly Piece[];
}

/** No program has more instructions. */
const INSNS_MAX = 1_000_000;
const INSN_SIZE = 8;
const CALL = 0x85;
const WIDE_LOAD = 0x18;
const CALLBACK_TAG = 'exception_callback:';

/** Symbols that a section's instructions refer to, by instruction. */
export function symbolsOf({ elf }: CompiledObject, section: number): ReadonlyMap<number, ElfSymbol> {
  return new Map(
    elf.relocations(section).map(({ offset, symbol }) => [Math.floor(offset / INSN_SIZE), symbol]),
  );
}

/**
 * Puts a program together as libbpf does: a function of `.text` comes behind everything that is there when it is first called, and
 * its own callees behind it. Throws {@link ObjectError} for calls to what is not a function.
 */
export function linkCode(object: CompiledObject, program: ObjectProgram): LinkedCode {
  const text = [...object.code.values()].find((s) => s.name === SUBPROGRAMS) ?? null;
  const pieces: Piece[] = [];
  const places = new Map<ObjectFunction, Piece>();
  const symbols = new Map<number, ReadonlyMap<number, ElfSymbol>>();
  /** Calls, as instruction and piece that is called. */
  const calls: (readonly [number, Piece])[] = [];
  let length = 0;

  const place = (func: ObjectFunction): Piece => {
    const piece = { func, section: object.code.get(func.section)!, at: length };
    length += func.count;
    if (length > INSNS_MAX)
      throw new ObjectError(`The program ${program.func.name} has more than ${INSNS_MAX} instructions.`);
    pieces.push(piece);
    places.set(func, piece);
    if (!symbols.has(func.section)) symbols.set(func.section, symbolsOf(object, func.section));
    return piece;
  };

  /** The function of the object that an instruction calls or takes the address of. */
  const callee = ({ func, section }: Piece, i: number): ObjectFunction | null => {
    const { insns } = section;
    const symbol = symbols.get(section.index)!.get(i);
    const isCall =
      insns.code[i] === CALL && insns.src[i] === BPF_PSEUDO_CALL && insns.dst[i] === 0 && insns.off[i] === 0;
    const isAddress = insns.code[i] === WIDE_LOAD && symbol !== undefined && symbol.section === text?.index;
    // what is defined elsewhere is the kernel's
    if ((!isCall && !isAddress) || symbol?.section === 0) return null;
    // a call of a function of the same section needs no symbol
    const to =
      symbol === undefined
        ? i + insns.imm[i] + 1
        : isCall
          ? symbol.value / INSN_SIZE + insns.imm[i] + 1
          : (symbol.value + insns.imm[i]) / INSN_SIZE;
    const target = symbol === undefined ? section.index : symbol.section;
    const found = text === null || target !== text.index ? null : functionAt(text, to);
    if (found === null || found.start !== to)
      throw new ObjectError(
        `Instruction ${i - func.start} of ${func.name} calls something that is no function of the section .text.`,
      );
    return found;
  };

  /** Places what a function calls, depth first. */
  const follow = (start: Piece): void => {
    const open = [{ piece: start, next: start.func.start }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const { piece } = top;
      const end = piece.func.start + piece.func.count;
      let entered: Piece | null = null;
      while (entered === null && top.next < end) {
        const i = top.next++;
        const func = callee(piece, i);
        if (func === null) continue;
        const known = places.get(func) ?? null;
        const to: Piece = known ?? place(func);
        calls.push([piece.at + i - piece.func.start, to]);
        if (known === null) entered = to;
      }
      if (entered !== null) open.push({ piece: entered, next: entered.func.start });
      else open.pop();
    }
  };

  follow(place(program.func));
  const callback = exceptionCallback(object, program, text);
  if (callback !== null && !places.has(callback)) follow(place(callback));

  const insns = new Insns(length);
  for (const { func, section, at } of pieces) copy(section.insns, func.start, func.count, insns, at);
  for (const [i, { at }] of calls) {
    insns.imm[i] = at - i - 1;
    if (insns.code[i] === WIDE_LOAD) insns.src[i] = BPF_PSEUDO_FUNC;
  }
  return { insns, pieces };
}

/** A function that the program's declaration tag names; nobody calls it. */
function exceptionCallback(
  { btf }: CompiledObject,
  { func }: ObjectProgram,
  text: CodeSection | null,
): ObjectFunction | null {
  if (btf === null || text === null) return null;
  const names: string[] = [];
  for (let id = btf.firstId; id < btf.nextId; id++) {
    if (btf.type(id).name !== func.name || btf.declTags(id).length === 0) continue;
    for (const [tag, at] of btf.declTags(id))
      if (at === -1 && tag.startsWith(CALLBACK_TAG)) names.push(tag.slice(CALLBACK_TAG.length));
  }
  // several are the verifier's to refuse
  return names.length === 1 ? (text.functions.find((f) => f.name === names[0]) ?? null) : null;
}

function copy(from: Insns, start: number, count: number, to: Insns, at: number): void {
  to.code.set(from.code.subarray(start, start + count), at);
  to.dst.set(from.dst.subarray(start, start + count), at);
  to.src.set(from.src.subarray(start, start + count), at);
  to.off.set(from.off.subarray(start, start + count), at);
  to.imm.set(from.imm.subarray(start, start + count), at);
}
