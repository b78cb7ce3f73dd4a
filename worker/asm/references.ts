import type { Instruction, Slot } from '../isa/instruction.ts';
import * as op from '../isa/opcodes.ts';
import type { AsmContext, AsmRef } from './context.ts';
import { diagnostic } from './cursor.ts';
import { closest, replace, type AsmError, type Span } from './diagnostic.ts';
import type { Target } from './operands.ts';
import type { Hole } from './parsed.ts';

/** An instruction that names something. */
export interface Pending {
  readonly slot: number;
  readonly insn: Instruction;
  readonly hole: Hole;
}

/** A laid-out program whose names are still to be filled in. */
export interface Laid {
  readonly slots: Slot[];
  readonly spans: readonly Span[];
  readonly labels: ReadonlyMap<string, number>;
  /** Slots of numeric local labels, ascending. */
  readonly locals: ReadonlyMap<bigint, readonly number[]>;
  readonly context: AsmContext;
  readonly constant: (name: string) => bigint | null;
  readonly errors: AsmError[];
}

/** Writes the distances, ids and kinds that names stand for into the slots; returns what refers to what. */
export function fillHoles(pending: readonly Pending[], laid: Laid): Map<number, AsmRef> {
  const filler = new Filler(laid);
  for (const p of pending) filler.fill(p);
  return filler.refs;
}

class Filler {
  readonly refs = new Map<number, AsmRef>();
  private readonly slots: Slot[];
  private readonly spans: readonly Span[];
  private readonly labels: ReadonlyMap<string, number>;
  private readonly locals: ReadonlyMap<bigint, readonly number[]>;
  private readonly context: AsmContext;

  constructor(private readonly laid: Laid) {
    this.slots = laid.slots;
    this.spans = laid.spans;
    this.labels = laid.labels;
    this.locals = laid.locals;
    this.context = laid.context;
  }

  private error(id: string, message: string, span: Span, expected?: string, fix?: AsmError['fix']): void {
    this.laid.errors.push(diagnostic(id, message, span, expected, fix));
  }

  private patch(slot: number, change: Partial<Slot>): void {
    if (slot < this.slots.length) this.slots[slot] = { ...this.slots[slot], ...change };
  }

  fill({ slot, insn, hole }: Pending): void {
    if (hole.kind === 'jump') this.fillJump(slot, insn, hole.target);
    else if (hole.kind === 'call') this.fillCall(slot, hole);
    else this.fillAddress(slot, hole);
  }

  private targetSlot(slot: number, target: Exclude<Target, { kind: 'distance' }>): number | null {
    if (target.kind === 'label') {
      const found = this.labels.get(target.name);
      if (found !== undefined) return found;
      const near = closest(target.name, this.labels.keys());
      this.error(
        'unknown-label',
        `There is no label «${target.name}»`,
        target.span,
        'a label of this program',
        near === null ? undefined : replace(`Write ${near}`, target.span, near),
      );
      return null;
    }
    const all = this.locals.get(target.number) ?? [];
    // `1b` may name a label right at the instruction, `1f` only one after it.
    const after = firstAbove(all, slot);
    const found: number | undefined = all[target.forward ? after : after - 1];
    if (found === undefined)
      this.error(
        'unknown-label',
        `There is no label «${target.number}:» ${target.forward ? 'after' : 'before'} this instruction`,
        target.span,
      );
    return found ?? null;
  }

  private fillJump(slot: number, insn: Instruction, target: Target): void {
    if (target.kind === 'distance') return;
    const to = this.targetSlot(slot, target);
    if (to === null) return;
    const distance = to - slot - 1;
    if (insn.kind === 'call') {
      this.refs.set(slot, {
        kind: 'subprog',
        name: target.kind === 'label' ? target.name : `${target.number}`,
        slot: to,
      });
      return this.patch(slot, { imm: distance });
    }
    if (insn.kind === 'gotol') return this.patch(slot, { imm: distance });
    if (distance >= -0x8000 && distance <= 0x7fff) return this.patch(slot, { off: distance });
    const { line, col } = this.spans[slot];
    const fix =
      insn.kind === 'goto'
        ? { title: 'Use gotol', edits: [{ line, col, endCol: col + 4, text: 'gotol' }] }
        : undefined;
    this.error(
      'jump-range',
      `The target is ${distance} instructions away: too far for 16 bits`,
      target.span,
      '-32768 to 32767',
      fix,
    );
  }

  private fillCall(slot: number, hole: Extract<Hole, { kind: 'call' }>): void {
    const label = this.labels.get(hole.name);
    if (label !== undefined) {
      this.patch(slot, { src: op.BPF_PSEUDO_CALL, imm: label - slot - 1 });
      this.refs.set(slot, { kind: 'subprog', name: hole.name, slot: label });
      return;
    }
    const found = this.context.resolve?.(hole.name, 'call') ?? null;
    if (found?.kind === 'helper') {
      if (hole.id !== null && hole.id !== found.id)
        this.error('helper-id', `«${hole.name}» is helper ${found.id}, not ${hole.id}`, hole.span);
      this.patch(slot, { src: 0, imm: found.id });
      this.refs.set(slot, { kind: 'helper', name: hole.name, id: found.id });
      return;
    }
    if (found?.kind === 'kfunc') {
      this.patch(slot, { src: op.BPF_PSEUDO_KFUNC_CALL, imm: 0 });
      this.refs.set(slot, { kind: 'kfunc', name: hole.name });
      return;
    }
    if (found !== null)
      return this.error('not-a-function', `«${hole.name}» is a ${found.kind}, not a function`, hole.span);
    const constant = this.laid.constant(hole.name);
    if (constant !== null && hole.id === null)
      return this.patch(slot, { imm: Number(BigInt.asIntN(32, constant)) });
    this.unknown(hole.name, 'call', 'There is no helper, kfunc or function', hole.span);
  }

  private unknown(name: string, use: 'call' | 'address', what: string, span: Span): void {
    const near = closest(name, [...this.labels.keys(), ...(this.context.names?.(use) ?? [])]);
    this.error(
      'unknown-symbol',
      `${what} «${name}»`,
      span,
      undefined,
      near === null ? undefined : replace(`Write ${near}`, span, near),
    );
  }

  private fillAddress(slot: number, hole: Extract<Hole, { kind: 'address' }>): void {
    const label = this.labels.get(hole.name);
    if (label !== undefined) {
      this.patch(slot, { src: op.BPF_PSEUDO_FUNC, imm: label - slot - 1 });
      this.refs.set(slot, { kind: 'subprog', name: hole.name, slot: label });
      return this.noAddend(hole);
    }
    const found = this.context.resolve?.(hole.name, 'address') ?? null;
    switch (found?.kind) {
      case undefined:
        return this.unknown(hole.name, 'address', 'There is no map, variable or function', hole.span);
      case 'map':
        this.refs.set(slot, { kind: 'map', name: hole.name, variable: null });
        this.patch(slot, { src: hole.inValue ? op.BPF_PSEUDO_MAP_VALUE : op.BPF_PSEUDO_MAP_FD });
        return hole.inValue ? this.valueOffset(slot, hole.addend, hole.span) : undefined;
      case 'variable':
        this.refs.set(slot, { kind: 'map', name: found.map, variable: hole.name });
        this.patch(slot, { src: op.BPF_PSEUDO_MAP_VALUE });
        return this.valueOffset(slot, hole.addend + BigInt(found.offset), hole.span);
      case 'ksym':
        this.refs.set(slot, { kind: 'ksym', name: hole.name, symbol: found.symbol });
        this.patch(slot, { src: op.BPF_PSEUDO_BTF_ID });
        return this.noAddend(hole);
      default:
        return this.error('no-address', `The address of a ${found!.kind} cannot be taken`, hole.span);
    }
  }

  private valueOffset(slot: number, offset: bigint, span: Span): void {
    if (offset < -0x80000000n || offset > 0xffffffffn)
      this.error('imm-range', `The offset ${offset} does not fit in 32 bits`, span);
    else this.patch(slot + 1, { imm: Number(BigInt.asIntN(32, offset)) });
  }

  private noAddend(hole: Extract<Hole, { kind: 'address' }>): void {
    if (hole.inValue)
      this.error(
        'addend',
        `Nothing can be added to the address of «${hole.name}»`,
        hole.span,
        `${hole.name} ll`,
      );
  }
}

/** Index of the first number above `limit` in a sorted list; its length if there is none. */
function firstAbove(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
