import { MASK_HI, MASK_LO, VALUE_HI, VALUE_LO, words } from '../domain/arena.ts';
import { UNKNOWN } from '../domain/scalar.ts';
import {
  CONST_PTR_TO_DYNPTR,
  PTR_TO_ARENA,
  PTR_TO_BTF_ID,
  PTR_TO_MEM,
  PTR_TO_STACK,
  SCALAR_VALUE,
  baseType,
  dynptrTypeStr,
  regTypeStr,
  typeIsMapPtr,
  typeIsNonOwningRef,
  typeIsPktPointer,
} from '../kernel/types.ts';
import { BtfRef, DYNPTR_FIRST_SLOT, LINK_NONE, type Reg } from '../state/reg.ts';
import type { MapInfo } from '../state/map-info.ts';
import { rangesText, signedText, tnumText, unsignedText } from './scalar-text.ts';

const typeNames = new Map<number, string>();

function typeName(type: number): string {
  let name = typeNames.get(type);
  if (name === undefined) typeNames.set(type, (name = regTypeStr(type)));
  return name;
}

/** A register's value as the state lines show it, e.g. `Pscalar(id=1,umax=255,var_off=(0x0; 0xff))`; `frameno`: the frame it is in. */
export function formatReg(reg: Reg, frameno: number): string {
  const t = reg.type;
  const s = reg.scalar;
  const isConst = (words[s + MASK_LO] | words[s + MASK_HI]) === 0;
  let text = t === SCALAR_VALUE && reg.precise ? 'P' : '';
  if (t === SCALAR_VALUE && isConst) return text + signedText(words[s + VALUE_LO], words[s + VALUE_HI]);

  text += typeName(t);
  if (t === PTR_TO_ARENA) return text;
  if (t === PTR_TO_STACK) {
    if (frameno !== reg.num) text += `[${reg.num}]`;
    if (isConst) return text + signedText(words[s + VALUE_LO], words[s + VALUE_HI]);
  }
  const base = baseType(t);
  if (base === PTR_TO_BTF_ID && reg.ext instanceof BtfRef) text += reg.ext.btf.type(reg.ext.id).name;

  const parts: string[] = [];
  if (reg.id !== 0) parts.push(`id=${reg.id}${reg.link === LINK_NONE ? '' : (reg.delta < 0 ? '' : '+') + reg.delta}`);
  if (reg.parentId !== 0) parts.push(`parent_id=${reg.parentId}`);
  if (typeIsNonOwningRef(t)) parts.push('non_own_ref');
  if (typeIsMapPtr(t)) {
    const map = reg.ext as MapInfo;
    if (map.name !== '') parts.push(`map=${map.name}`);
    parts.push(`ks=${map.keySize},vs=${map.valueSize}`);
  }
  if (typeIsPktPointer(t)) parts.push(`r=${unsignedText(reg.num, reg.num >> 31)}`);
  if (base === PTR_TO_MEM) parts.push(`sz=${unsignedText(reg.num, 0)}`);
  if (t === CONST_PTR_TO_DYNPTR) parts.push(`type=${dynptrTypeStr(reg.num & ~DYNPTR_FIRST_SLOT)}`);
  if (isConst) {
    if ((words[s + VALUE_LO] | words[s + VALUE_HI]) !== 0) parts.push(`imm=${signedText(words[s + VALUE_LO], words[s + VALUE_HI])}`);
  } else if (s !== UNKNOWN) {
    const ranges = rangesText(s);
    if (ranges !== '') parts.push(ranges);
    if ((words[s + MASK_LO] & words[s + MASK_HI]) !== -1) parts.push(`var_off=${tnumText(s)}`);
  }
  return `${text}(${parts.join(',')})`;
}
