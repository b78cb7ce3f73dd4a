const MIN_ALIGNMENT = 8;
const ALIGNMENT = 40;

/** Blanks after `length` characters, up to the column where notes stand (kernel: bpf_vlog_alignment). */
export function alignment(length: number): string {
  const column = Math.max(length + MIN_ALIGNMENT / 2, ALIGNMENT);
  const end = Math.ceil(column / MIN_ALIGNMENT) * MIN_ALIGNMENT;
  return ' '.repeat(Math.max(end - length - 1, 1));
}

/** `  7: (b7) r0 = 0` as the dumps print an instruction, no newline. */
export function numbered(i: number, text: string): string {
  return `${String(i).padStart(3)}: ${text}`;
}
