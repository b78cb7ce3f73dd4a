import { constant, constantU32 } from '../domain/scalar.ts';
import { subprogAt } from '../cfg/subprogs.ts';
import { BPF_MAP_TYPE_ARENA } from '../kernel/uapi.ts';
import { baseType, CONST_PTR_TO_MAP, PTR_TO_BTF_ID, PTR_TO_FUNC, PTR_TO_MAP_VALUE } from '../kernel/types.ts';
import { BPF_PSEUDO_BTF_ID, BPF_PSEUDO_FUNC } from '../isa/opcodes.ts';
import type { Env } from '../state/env.ts';
import { recordWrite } from '../state/events.ts';
import { unknownReg } from '../state/marks.ts';
import { checkRegArg, DST_OP } from '../state/reg-arg.ts';
import { BtfRef, pointerReg, scalarReg, withExt, withScalar, type Reg } from '../state/reg.ts';
import { ldImmRules as R } from './alu-rules.ts';

/** Walks a wide load: a constant, or the address of a map, a map's value, a kernel symbol or a function (kernel: check_ld_imm). */
export function stepLdImm(env: Env, pc: number): void {
  const dst = env.insns.dst[pc];
  checkRegArg(env, dst, DST_OP);
  // history has what that made of it: an unknown number
  const before = env.reg(dst);
  env.setReg(dst, loaded(env, pc));
  recordWrite(env, env.cur.curframe, 'reg', dst, before, env.reg(dst));
}

function loaded(env: Env, pc: number): Reg {
  const { insns, facts } = env;
  switch (insns.src[pc]) {
    case 0:
      return scalarReg(constant(insns.imm[pc], insns.imm[pc + 1]), !env.caps.bpfCapable);
    case BPF_PSEUDO_BTF_ID: {
      const symbol = facts.ksyms.get(pc)!;
      if (baseType(symbol.regType) === PTR_TO_BTF_ID) return pointerReg(symbol.regType, 0, new BtfRef(symbol.btf!, symbol.btfId));
      return pointerReg(symbol.regType, symbol.memSize);
    }
    case BPF_PSEUDO_FUNC:
      return callback(env, pc);
    default: {
      const ref = facts.mapRefs.get(pc)!;
      if (!ref.value) return pointerReg(CONST_PTR_TO_MAP, 0, ref.map);
      if (ref.map.type === BPF_MAP_TYPE_ARENA) return withExt(unknownReg(env), ref.map);
      // the only value of the map: no identity tells it from another
      return withScalar(pointerReg(PTR_TO_MAP_VALUE, 0, ref.map), constantU32(ref.off));
    }
  }
}

/** The address of a function that is to be called back. */
function callback(env: Env, pc: number): Reg {
  const sub = subprogAt(env.facts, pc + env.insns.imm[pc] + 1);
  if (env.program.funcInfo.length === 0) env.fail(R.noFuncInfo);
  if (sub.isGlobal) env.fail(R.callbackNotStatic);
  if (sub.index === 0) env.fail(R.callbackIsMain);
  return pointerReg(PTR_TO_FUNC, sub.index);
}
