/**
 * Builds a program that answers the questions of `cases.ts` with the kernel's own code: cuts the functions that deal
 * with values out of a kernel source tree and compiles them in user space. Needs a C compiler (`cc`).
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HERE = import.meta.dirname;

/** Functions of `kernel/bpf/verifier.c`, in an order in which each finds what it calls. */
const FUNCTIONS = `
  ___mark_reg_known __mark_reg32_known __mark_reg32_unbounded __mark_reg64_unbounded __mark_reg_unbounded
  reset_reg64_and_tnum reset_reg32_and_tnum cnum32_from_tnum cnum64_from_tnum __update_reg32_bounds
  __update_reg64_bounds __update_reg_bounds deduce_bounds_32_from_64 deduce_bounds_64_from_32 __reg_deduce_bounds
  __reg_bound_offset range_bounds_violation reg_bounds_sync const_tnum_range_mismatch const_tnum_range_mismatch_32
  is_reg_const reg_const_value zext_32_to_64 coerce_reg_to_size set_sext64_default_val coerce_reg_to_size_sx
  set_sext32_default_val coerce_subreg_to_size_sx clear_scalar_id
  scalar32_min_max_add scalar_min_max_add scalar32_min_max_sub scalar_min_max_sub scalar32_min_max_mul
  scalar_min_max_mul scalar32_min_max_udiv scalar_min_max_udiv scalar32_min_max_sdiv scalar_min_max_sdiv
  scalar32_min_max_umod scalar_min_max_umod scalar32_min_max_smod scalar_min_max_smod scalar32_min_max_and
  scalar_min_max_and scalar32_min_max_or scalar_min_max_or scalar32_min_max_xor scalar_min_max_xor
  __scalar32_min_max_lsh scalar32_min_max_lsh __scalar64_min_max_lsh scalar_min_max_lsh scalar32_min_max_rsh
  scalar_min_max_rsh scalar32_min_max_arsh scalar_min_max_arsh scalar_byte_swap is_safe_to_compute_dst_reg_range
  adjust_scalar_min_max_vals flip_opcode rev_opcode regs_refine_cond_op simulate_both_branches_taken
  is_scalar_branch_taken
`
  .trim()
  .split(/\s+/);

const ACCESSORS = `
  reg_smin reg_smax reg_umin reg_umax reg_s32_min reg_s32_max reg_u32_min reg_u32_max reg_set_srange32
  reg_set_urange32 reg_set_srange64 reg_set_urange64
`
  .trim()
  .split(/\s+/);

/** The definition of `name`: from the line that names it at the margin to the first closing brace at the margin. */
function cut(source: string, name: string): string {
  const definition = new RegExp(
    `^(?:static|bool|int|void)\\b[^;{}=\\n]*\\b${name}\\([^;{}]*\\)\\n\\{\\n[^]*?^\\}$`,
    'm',
  ).exec(source);
  if (definition === null) throw new Error(`the kernel source has no function ${name}`);
  return definition[0];
}

/** Compiles the oracle from the kernel at `kernelSource` in `directory`; returns the program's path. */
export function buildOracle(kernelSource: string, directory: string): string {
  const read = (path: string): string => readFileSync(join(kernelSource, path), 'utf8');
  mkdirSync(join(directory, 'linux'), { recursive: true });
  for (const header of ['kernel', 'limits', 'minmax', 'compiler_types', 'types', 'swab', 'bits']) {
    writeFileSync(join(directory, 'linux', `${header}.h`), '#include "../shim.h"\n');
  }
  for (const header of ['tnum.h', 'cnum.h'])
    writeFileSync(join(directory, 'linux', header), read(`include/linux/${header}`));
  for (const file of ['tnum.c', 'cnum.c', 'cnum_defs.h'])
    writeFileSync(join(directory, file), read(`kernel/bpf/${file}`));
  const verifier = read('kernel/bpf/verifier.c');
  const header = read('include/linux/bpf_verifier.h');
  const parts = [
    ...ACCESSORS.map((name) => cut(header, name)),
    ...FUNCTIONS.map((name) => cut(verifier, name)),
  ];
  writeFileSync(join(directory, 'kernel_parts.h'), parts.join('\n\n') + '\n');
  for (const file of ['shim.h', 'oracle.c']) copyFileSync(join(HERE, file), join(directory, file));
  const program = join(directory, 'oracle');
  execFileSync('cc', ['-O1', '-fwrapv', '-w', '-I', directory, '-o', program, join(directory, 'oracle.c')]);
  return program;
}

/** Lets the program answer `requests`. */
export function askOracle(program: string, requests: Uint8Array): Uint8Array {
  return execFileSync(program, { input: requests, maxBuffer: 1 << 30 });
}
