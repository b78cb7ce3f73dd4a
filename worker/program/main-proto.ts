import { progType } from '../kernel/prog-types.ts';

const LIRC_MODE2 = 20;

/**
 * C prototype that a program's main function gets when its text says nothing: `int NAME(struct __sk_buff *ctx)`.
 * Types whose ctx is an array of arguments take `unsigned long long *`, as libbpf's BPF_PROG does.
 */
export function mainPrototype(name: string, type: number): string {
  const ctx = progType(type)?.ctxType ?? '';
  if (type === LIRC_MODE2) return `int ${name}(unsigned int *ctx)`;
  if (ctx === 'bpf_user_pt_regs_t') return `int ${name}(struct pt_regs *ctx)`;
  return `int ${name}(${ctx.startsWith('struct ') ? ctx : 'unsigned long long'} *ctx)`;
}
