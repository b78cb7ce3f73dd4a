import { BTF_KIND_FUNC, type Btf } from '../btf/btf.ts';
import { isAnyEnum, isSmallInt, skipModifiers } from '../btf/walk.ts';
import { reject, typeOrNull, type Context } from './context.ts';
import { cfgRules } from './rules.ts';

/** Checks func_info as far as that is possible before the functions are known (kernel: bpf_prepare_btf_info). */
export function checkFuncInfoRows(ctx: Context): void {
  const { funcInfo, lineInfo, btf } = ctx.program;
  if (funcInfo.length === 0 && lineInfo.length === 0) return;
  if (btf === null) reject(ctx, cfgRules.btfMissing);
  let previous = 0;
  for (const [i, [insn, typeId]] of funcInfo.entries()) {
    if (i === 0 && insn !== 0) reject(ctx, cfgRules.funcInfoStart, [insn]);
    if (i !== 0 && insn <= previous) reject(ctx, cfgRules.funcInfoOrder, [insn, previous]);
    if (typeOrNull(btf, typeId)?.kind !== BTF_KIND_FUNC) reject(ctx, cfgRules.funcInfoType, [typeId]);
    previous = insn;
  }
}

/** Checks func_info and line_info against the functions, and names the functions (kernel: bpf_check_btf_info). */
export function checkBtfInfo(ctx: Context): void {
  const { funcInfo, lineInfo, btf } = ctx.program;
  if (btf === null || funcInfo.length === 0) checkWithoutBtf(ctx);
  else checkFunctions(ctx, btf);
  if (btf !== null && lineInfo.length !== 0) checkLines(ctx, btf);
}

/** Hidden exits need a prototype, except in the main function (kernel: check_abnormal_return). */
function checkWithoutBtf(ctx: Context): void {
  for (const subprog of ctx.facts.subprogs.slice(1)) {
    if (subprog.hasLdAbs) reject(ctx, cfgRules.ldAbsNoBtf);
    if (subprog.hasTailCall) reject(ctx, cfgRules.tailCallNoBtf);
  }
}

function checkFunctions(ctx: Context, btf: Btf): void {
  const { funcInfo } = ctx.program;
  const { subprogs } = ctx.facts;
  if (funcInfo.length !== subprogs.length) reject(ctx, cfgRules.funcInfoCount);
  for (const [i, subprog] of subprogs.entries()) {
    const [insn, typeId] = funcInfo[i];
    if (subprog.start !== insn) reject(ctx, cfgRules.funcInfoLayout);
    const func = btf.type(typeId);
    const result = skipModifiers(btf, btf.type(func.type).type);
    const returnsInt = isSmallInt(result) || isAnyEnum(result);
    if (i !== 0 && !returnsInt && subprog.hasLdAbs) reject(ctx, cfgRules.ldAbsReturn);
    if (i !== 0 && !returnsInt && subprog.hasTailCall) reject(ctx, cfgRules.tailCallReturn);
    subprog.name = func.name;
    subprog.typeId = typeId;
    subprog.isGlobal = func.linkage === 1;
  }
}

function checkLines(ctx: Context, btf: Btf): void {
  const { insns, facts } = ctx;
  const { subprogs } = facts;
  let next = 0;
  let previous = 0;
  for (const [i, [insn, file, line]] of ctx.program.lineInfo.entries()) {
    if ((i !== 0 && insn <= previous) || insn >= insns.length) reject(ctx, cfgRules.lineInfoOrder, [i, insn, previous, insns.length]);
    if (insns.code[insn] === 0) reject(ctx, cfgRules.lineInfoCode, [i]);
    if (!hasString(btf, line) || !hasString(btf, file)) reject(ctx, cfgRules.lineInfoString, [i]);
    if (next !== subprogs.length) {
      if (insn === subprogs[next].start) subprogs[next++].linfoIdx = i;
      else if (subprogs[next].start < insn) reject(ctx, cfgRules.lineInfoMissing, [next]);
    }
    previous = insn;
  }
  if (next !== subprogs.length) reject(ctx, cfgRules.lineInfoMissingLast, [subprogs.length - next, next]);
  facts.linesKnown = true;
}

function hasString(btf: Btf, offset: number): boolean {
  try {
    btf.string(offset);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
