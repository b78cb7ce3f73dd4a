/**
 * A program's instructions as parallel typed arrays: the form that every layer reads.
 *
 * Index `i` is an 8-byte slot as in the kernel's `struct bpf_insn`; a wide instruction (`0x18`) takes two
 * slots. `off` and `imm` are already sign-extended; byte order is resolved at the border.
 */
export class Insns {
  readonly length: number;
  /** Opcode byte. */
  readonly code: Uint8Array;
  /** Destination register number, 0..15 as encoded. */
  readonly dst: Uint8Array;
  /** Source register number or pseudo kind, 0..15 as encoded. */
  readonly src: Uint8Array;
  readonly off: Int16Array;
  readonly imm: Int32Array;

  constructor(length: number) {
    this.length = length;
    this.code = new Uint8Array(length);
    this.dst = new Uint8Array(length);
    this.src = new Uint8Array(length);
    this.off = new Int16Array(length);
    this.imm = new Int32Array(length);
  }

  /** Writes one slot. */
  set(i: number, code: number, dst: number, src: number, off: number, imm: number): void {
    this.code[i] = code;
    this.dst[i] = dst;
    this.src[i] = src;
    this.off[i] = off;
    this.imm[i] = imm;
  }

  /** Decodes little-endian (`bpfel`) bytes; the length must be a multiple of 8, else a RangeError. */
  static fromBytes(bytes: Uint8Array): Insns {
    if (bytes.length % 8 !== 0)
      throw new RangeError(`${bytes.length} bytes are not a whole number of 8-byte instructions`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const insns = new Insns(bytes.length / 8);
    for (let i = 0; i < insns.length; i++) {
      const at = i * 8;
      const regs = view.getUint8(at + 1);
      insns.set(
        i,
        view.getUint8(at),
        regs & 15,
        regs >> 4,
        view.getInt16(at + 2, true),
        view.getInt32(at + 4, true),
      );
    }
    return insns;
  }

  /** Encodes to little-endian bytes, 8 per slot. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.length * 8);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < this.length; i++) {
      const at = i * 8;
      view.setUint8(at, this.code[i]);
      view.setUint8(at + 1, (this.src[i] << 4) | this.dst[i]);
      view.setInt16(at + 2, this.off[i], true);
      view.setInt32(at + 4, this.imm[i], true);
    }
    return bytes;
  }
}
