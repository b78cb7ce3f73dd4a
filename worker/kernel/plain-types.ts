import {
  baseType,
  NOT_INIT,
  PTR_TO_BTF_ID,
  PTR_TO_CTX,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_STACK,
  PTR_UNTRUSTED,
  regTypeStr,
  SCALAR_VALUE,
  typeIsNonOwningRef,
  typeIsPtrAllocObj,
  typeMayBeNull,
} from './types.ts';

/** A register type in plain words, as the `Verification failed:` report has it (kernel: bpf_diag_reg_type_plain). */
export function plainTypeName(type: number): string {
  const nullable = typeMayBeNull(type) ? 'nullable ' : '';
  switch (baseType(type)) {
    case NOT_INIT:
      return 'an uninitialized value';
    case SCALAR_VALUE:
      return 'an integer scalar';
    case PTR_TO_CTX:
      return 'a context pointer';
    case PTR_TO_STACK:
      return 'a stack pointer';
    case PTR_TO_MAP_VALUE:
      return `a ${nullable}map value pointer`;
    case PTR_TO_MEM:
      return `a ${nullable}memory pointer`;
    case PTR_TO_BTF_ID:
      if (nullable !== '') return 'a nullable kernel object pointer';
      if (typeIsNonOwningRef(type)) return 'a borrowed allocated object pointer';
      if (typeIsPtrAllocObj(type)) return 'an owned allocated object pointer';
      return type & PTR_UNTRUSTED ? 'an untrusted kernel object pointer' : 'a kernel object pointer';
    default:
      return regTypeStr(type);
  }
}
