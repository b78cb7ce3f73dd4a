import * as op from '../isa/opcodes.ts';
import type { Line } from './listing.ts';

/** A place in a program under construction; jumps may name it before it is placed. */
export class Label {
  line: Line | 'end' | null = null;
}

/** Collects the lines of a program. */
export class Emitter {
  readonly lines: Line[] = [];
  private readonly waiting: Label[] = [];
  private readonly jumps: (readonly [Line, Label])[] = [];

  emit(code: number, dst = 0, src = 0, off = 0, imm = 0): Line {
    const line: Line = {
      code,
      dst,
      src,
      off,
      imm: imm | 0,
      high: 0,
      target: null,
      ref: null,
      func: null,
      source: null,
    };
    for (const label of this.waiting.splice(0)) label.line = line;
    this.lines.push(line);
    return line;
  }
  /** Undoes everything since. */
  checkpoint(): () => void {
    const [lines, jumps, waiting] = [this.lines.length, this.jumps.length, [...this.waiting]];
    return () => {
      this.lines.length = lines;
      this.jumps.length = jumps;
      this.waiting.splice(0, this.waiting.length, ...waiting);
    };
  }
  /** The next line is where the label is. */
  place(label: Label): void {
    this.waiting.push(label);
  }
  jump(code: number, label: Label, dst = 0, src = 0, imm = 0): Line {
    const line = this.emit(code, dst, src, 0, imm);
    this.jumps.push([line, label]);
    return line;
  }
  /** An unconditional jump, short or long. */
  goto(label: Label, long: boolean): void {
    this.jump(long ? op.OP_GOTOL : op.OP_JA, label);
  }
  /** Ties jumps to their places. */
  finish(): Line[] {
    for (const label of this.waiting.splice(0)) label.line = 'end';
    for (const [line, label] of this.jumps) line.target = label.line;
    return this.lines;
  }

  movImm(dst: number, imm: number): void {
    this.emit(op.BPF_ALU64 | op.BPF_MOV, dst, 0, 0, imm);
  }
  mov(dst: number, src: number): void {
    this.emit(op.OP_MOV64_X, dst, src);
  }
  aluImm(operation: number, dst: number, imm: number, wide = true): void {
    this.emit((wide ? op.BPF_ALU64 : op.BPF_ALU) | operation, dst, 0, 0, imm);
  }
  alu(operation: number, dst: number, src: number, wide = true): void {
    this.emit((wide ? op.BPF_ALU64 : op.BPF_ALU) | operation | op.BPF_X, dst, src);
  }
  load(bytes: 1 | 2 | 4 | 8, dst: number, src: number, off: number): void {
    this.emit(op.BPF_LDX | op.BPF_MEM | op.sizeField(bytes), dst, src, off);
  }
  store(bytes: 1 | 2 | 4 | 8, dst: number, off: number, src: number): void {
    this.emit(op.BPF_STX | op.BPF_MEM | op.sizeField(bytes), dst, src, off);
  }
  storeImm(bytes: 1 | 2 | 4 | 8, dst: number, off: number, imm: number): void {
    this.emit(op.BPF_ST | op.BPF_MEM | op.sizeField(bytes), dst, 0, off, imm);
  }
  wide(dst: number, low: number, high: number): void {
    this.emit(op.OP_LD_IMM64, dst, 0, 0, low).high = high | 0;
  }
  map(dst: number, map: number): void {
    this.emit(op.OP_LD_IMM64, dst, op.BPF_PSEUDO_MAP_FD).ref = { map };
  }
  mapValue(dst: number, map: number, off: number): void {
    const line = this.emit(op.OP_LD_IMM64, dst, op.BPF_PSEUDO_MAP_VALUE);
    line.high = off;
    line.ref = { map };
  }
  /** The address of a variable of the kernel. */
  symbol(dst: number, name: string): void {
    this.emit(op.OP_LD_IMM64, dst, op.BPF_PSEUDO_BTF_ID).ref = { ksym: name, kind: 'var' };
  }
  func(dst: number, label: Label): void {
    this.jumps.push([this.emit(op.OP_LD_IMM64, dst, op.BPF_PSEUDO_FUNC), label]);
  }
  helper(id: number): void {
    this.emit(op.OP_CALL, 0, 0, 0, id);
  }
  call(label: Label): void {
    this.jumps.push([this.emit(op.OP_CALL, 0, op.BPF_PSEUDO_CALL), label]);
  }
  kfunc(name: string): void {
    this.emit(op.OP_CALL, 0, op.BPF_PSEUDO_KFUNC_CALL).ref = { kfunc: name };
  }
  exit(): void {
    this.emit(op.OP_EXIT);
  }
}
