/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers the questions of cases.ts with the kernel's own functions, which build.ts cuts out of a source tree into
 * kernel_parts.h (accessors, bounds, arithmetic, conditions). Reads requests from stdin, writes responses to stdout.
 */
#include "shim.h"
#include "linux/tnum.h"
#include "linux/cnum.h"
#include "tnum.c"
#include "cnum.c"

#define SCALAR_VALUE 1
struct bpf_reg_state { int type; u32 id; s32 delta; struct tnum var_off; struct cnum64 r64; struct cnum32 r32; };
struct bpf_insn { u8 code, dst_reg, src_reg; s16 off; s32 imm; };
struct bpf_verifier_env { struct bpf_reg_state fake_reg[2], true_reg1, true_reg2, false_reg1, false_reg2; };

enum { BPF_ALU = 4, BPF_ALU64 = 7, BPF_TO_LE = 0, BPF_X = 8 };
enum { BPF_ADD = 0, BPF_SUB = 0x10, BPF_MUL = 0x20, BPF_DIV = 0x30, BPF_OR = 0x40, BPF_AND = 0x50, BPF_LSH = 0x60,
       BPF_RSH = 0x70, BPF_NEG = 0x80, BPF_MOD = 0x90, BPF_XOR = 0xa0, BPF_ARSH = 0xc0, BPF_END = 0xd0 };
enum { BPF_JEQ = 0x10, BPF_JGT = 0x20, BPF_JGE = 0x30, BPF_JSET = 0x40, BPF_JNE = 0x50, BPF_JSGT = 0x60,
       BPF_JSGE = 0x70, BPF_JLT = 0xa0, BPF_JLE = 0xb0, BPF_JSLT = 0xc0, BPF_JSLE = 0xd0 };
#define BPF_OP(c) ((c) & 0xf0)
#define BPF_CLASS(c) ((c) & 7)
#define BPF_SRC(c) ((c) & 8)

static const struct tnum unknown_bits = { 0, -1 };

/* Parts of the verifier that do not touch values. */
#define sanitize_needed(op) 0
#define sanitize_val_alu(env, insn) 0
#define sanitize_err(env, insn, ret) (ret)
#define maybe_fork_scalars(env, insn, reg) 0
#define __mark_reg_known(reg, imm) ___mark_reg_known(reg, imm)
#define __mark_reg_unknown(env, reg) forget(reg)
static void forget(struct bpf_reg_state *r)
{
	r->var_off = unknown_bits;
	r->r64 = CNUM64_UNBOUNDED;
	r->r32 = CNUM32_UNBOUNDED;
}

#include "kernel_parts.h"

struct __attribute__((packed)) record { u64 value, mask, base, size; u32 base32, size32; };
struct __attribute__((packed)) request { s32 kind, p1, p2, p3; struct record a, b; };
struct __attribute__((packed)) response { s64 n[8]; struct record r[4]; };

static struct bpf_reg_state get(struct record c)
{
	return (struct bpf_reg_state){ SCALAR_VALUE, 0, 0, { c.value, c.mask }, { c.base, c.size }, { c.base32, c.size32 } };
}

static struct record put(struct bpf_reg_state r)
{
	return (struct record){ r.var_off.value, r.var_off.mask, r.r64.base, r.r64.size, r.r32.base, r.r32.size };
}

static struct bpf_verifier_env env;

int main(void)
{
	struct request q;

	while (fread(&q, sizeof(q), 1, stdin) == 1) {
		struct bpf_reg_state a = get(q.a), b = get(q.b);
		struct bpf_insn insn = { 0 };
		struct response p = { 0 };

		switch (q.kind) {
		case 0:
			insn.code = q.p1 | (q.p2 ? BPF_ALU64 : BPF_ALU);
			insn.off = q.p3;
			adjust_scalar_min_max_vals(&env, &insn, &a, b);
			break;
		case 1:
			insn.code = BPF_END | (q.p1 == 2 ? BPF_ALU64 : BPF_ALU) | (q.p1 == 1 ? 8 : 0);
			insn.imm = q.p2;
			adjust_scalar_min_max_vals(&env, &insn, &a, a);
			break;
		case 2:
			zext_32_to_64(&a);
			reg_bounds_sync(&a);
			break;
		case 3:
			coerce_reg_to_size(&a, q.p1);
			break;
		case 4:
			if (q.p2) {
				coerce_reg_to_size_sx(&a, q.p1);
			} else {
				coerce_subreg_to_size_sx(&a, q.p1);
				zext_32_to_64(&a);
				reg_bounds_sync(&a);
			}
			break;
		case 5:
			env.false_reg1 = env.true_reg1 = a;
			env.false_reg2 = env.true_reg2 = b;
			p.n[0] = is_scalar_branch_taken(&env, &a, q.p3 ? &a : &b, q.p1, q.p2);
			p.r[0] = put(env.true_reg1);
			p.r[1] = put(env.true_reg2);
			p.r[2] = put(env.false_reg1);
			p.r[3] = put(env.false_reg2);
			break;
		case 6:
			reg_bounds_sync(&a);
			break;
		case 7:
			p.n[0] = cnum64_is_subset(a.r64, b.r64) && cnum32_is_subset(a.r32, b.r32);
			p.n[1] = tnum_in(a.var_off, b.var_off);
			p.n[2] = range_bounds_violation(&a) ? 1 : const_tnum_range_mismatch(&a) ? 2 : const_tnum_range_mismatch_32(&a) ? 3 : 0;
			break;
		case 8:
			reg_set_srange32(&a, max(reg_s32_min(&a), q.p1), min(reg_s32_max(&a), q.p2));
			reg_set_srange64(&a, max(reg_smin(&a), (s64)q.p1), min(reg_smax(&a), (s64)q.p2));
			reg_bounds_sync(&a);
			break;
		case 9:
		case 10:
			a.r64 = cnum64_add(a.r64, q.kind == 9 ? b.r64 : cnum64_negate(b.r64));
			a.var_off = q.kind == 9 ? tnum_add(a.var_off, b.var_off) : tnum_sub(a.var_off, b.var_off);
			__mark_reg32_unbounded(&a);
			if (q.p1)
				__update_reg32_bounds(&a);
			else
				reg_bounds_sync(&a);
			break;
		case 11:
			___mark_reg_known(&b, (s64)q.p1 - (s64)q.p3);
			scalar32_min_max_add(&a, &b);
			scalar_min_max_add(&a, &b);
			a.var_off = tnum_add(a.var_off, b.var_off);
			if (q.p2)
				zext_32_to_64(&a);
			reg_bounds_sync(&a);
			break;
		case 12:
			reg_set_srange64(&a, q.p1, q.p2);
			reg_set_srange32(&a, q.p1, q.p2);
			reg_bounds_sync(&a);
			break;
		case 13:
			p.n[0] = reg_smin(&a);
			p.n[1] = reg_smax(&a);
			p.n[2] = reg_umin(&a);
			p.n[3] = reg_umax(&a);
			p.n[4] = reg_s32_min(&a);
			p.n[5] = reg_s32_max(&a);
			p.n[6] = reg_u32_min(&a);
			p.n[7] = reg_u32_max(&a);
			break;
		case 14:
			p.n[0] = tnum_is_aligned(tnum_add(a.var_off, tnum_const((s64)q.p1)), q.p2);
			break;
		case 15:
			__mark_reg32_known(&a, (s64)q.p1);
			break;
		case 16:
			reg_set_urange64(&a, (u32)q.p1, (u32)q.p2);
			reg_set_urange32(&a, q.p1, q.p2);
			reg_bounds_sync(&a);
			break;
		}
		if (q.kind != 5)
			p.r[0] = put(a);
		fwrite(&p, sizeof(p), 1, stdout);
	}
	return 0;
}
