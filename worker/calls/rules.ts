import { E2BIG, EACCES, EFAULT, EINVAL, ENOTSUPP } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';

/** Rules of helper and subprogram calls. */
export const callRules = defineRules('call', {
  // which helper
  invalidHelper: { text: 'invalid func %s#%d\n', errno: EINVAL },
  helperNotForProgram: { text: 'program of this type cannot use helper %s#%d\n', errno: EINVAL },
  gplOnly: { text: 'cannot call GPL-restricted function from non-GPL compatible program\n', errno: EINVAL },
  notAllowedInProbe: { text: 'helper call is not allowed in probe\n', errno: EINVAL },
  sleepableHelper: { text: 'sleepable helper %s#%d in %s\n', errno: EINVAL },
  // arguments
  leaksAddress: { text: 'R%d leaks addr into helper function\n', errno: EACCES },
  packetAccess: { text: 'helper access to the packet is not allowed\n', errno: EACCES },
  sockmapArgument: { text: 'invalid arg_type for sockmap/sockhash\n', errno: EINVAL },
  wrongType: { text: '%s type=%s expected=%s\n', errno: EACCES },
  mayWriteMemory: { text: '%s() may write into memory pointed by %s type=%s\n', errno: EACCES },
  possiblyNullHelper: { text: 'Possibly NULL pointer passed to helper %s\n', errno: EACCES },
  unmatchedObject: { text: 'verifier bug: invalid PTR_TO_BTF_ID register for type match\n', errno: EFAULT },
  wrongBtfType: { text: '%s is of type %s but %s is expected\n', errno: EACCES },
  releaseOffset: {
    text: '%s must have zero offset when passed to release func or trusted arg to kfunc\n',
    errno: EINVAL,
  },
  releaseUnreferenced: {
    text: 'release helper %s expects referenced PTR_TO_BTF_ID passed to %s\n',
    errno: EINVAL,
  },
  percpuWithoutType: { text: 'Helper has invalid btf_id in R%d\n', errno: EACCES },
  mapUidMismatch: {
    text: "%s pointer in %s map_uid=%d doesn't match map pointer in %s map_uid=%d\n",
    errno: EINVAL,
  },
  mapHelperMismatch: { text: 'cannot pass map_type %d into func %s#%d\n', errno: EINVAL },
  notConst: { text: '%s is not a const\n', errno: EINVAL },
  allocationTooLarge: { text: '%s allocation size exceeds u32 max\n', errno: EINVAL },
  // constant strings
  strInsnArray: { text: '%s points to insn_array map which cannot be used as const string\n', errno: EACCES },
  strPercpuArray: {
    text: '%s points to percpu_array map which cannot be used as const string\n',
    errno: EACCES,
  },
  strNotReadonly: { text: "%s does not point to a readonly map'\n", errno: EACCES },
  strNotConstant: { text: "%s is not a constant address'\n", errno: EACCES },
  strNoDirectValue: { text: 'no direct value access support for this map type\n', errno: EACCES },
  strDirectValue: { text: 'direct value access on string failed\n', errno: ENOTSUPP },
  strNotTerminated: { text: 'string is not zero-terminated\n', errno: EINVAL },
  strFormat: { text: 'Invalid format string\n', errno: EINVAL },
  strDataLength: { text: '', errno: EINVAL },
  // fields of map values
  fieldVariableOffset: {
    text: "%s doesn't have constant offset. %s has to be at the constant offset\n",
    errno: EINVAL,
  },
  fieldMapWithoutBtf: { text: "map '%s' has to have BTF in order to use %s\n", errno: EINVAL },
  fieldMissing: { text: "map '%s' has no valid %s\n", errno: EINVAL },
  fieldWrongOffset: { text: "off %lld doesn't point to 'struct %s' that is at %d\n", errno: EINVAL },
  kptrMapWithoutBtf: { text: "map '%s' has to have BTF in order to use bpf_kptr_xchg\n", errno: EINVAL },
  kptrVariableOffset: {
    text: "R%d doesn't have constant offset. kptr has to be at the constant offset\n",
    errno: EINVAL,
  },
  kptrMissing: { text: 'R%d has no valid kptr\n', errno: EINVAL },
  kptrWrongOffset: { text: "off=%d doesn't point to kptr\n", errno: EACCES },
  kptrUnreferenced: { text: "off=%d kptr isn't referenced kptr\n", errno: EACCES },
  // dynptrs
  dynptrExpectsStack: { text: '%s expected pointer to stack or const struct bpf_dynptr\n', errno: EINVAL },
  dynptrInitialized: { text: 'Dynptr has to be an uninitialized dynptr\n', errno: EINVAL },
  dynptrConstRelease: { text: 'CONST_PTR_TO_DYNPTR cannot be released\n', errno: EINVAL },
  dynptrUninitialized: { text: 'Expected an initialized dynptr as %s\n', errno: EINVAL },
  dynptrWrongType: { text: 'Expected a dynptr of type %s as %s\n', errno: EINVAL },
  dynptrFromMem: { text: 'Unsupported reg type %s for bpf_dynptr_from_mem data\n', errno: EACCES },
  releaseFailed: { text: '', errno: EINVAL },
  dynptrUnknown: { text: '', errno: EFAULT },
  // single helpers
  writeIntoMap: { text: 'write into map forbidden\n', errno: EACCES },
  tailCallMap: { text: 'expected prog array map for tail call', errno: EINVAL },
  storageFlags: { text: "get_local_storage() doesn't support non-zero flags\n", errno: EINVAL },
  setRetvalScalar: { text: 'R1 is not a scalar\n', errno: EINVAL },
  setRetvalVoid: {
    text: "BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value!\n",
    errno: EINVAL,
  },
  percpuType: { text: 'Helper has invalid btf/btf_id in R1\n', errno: EFAULT },
  unresolvedSize: { text: "unable to resolve the size of type '%s': %d\n", errno: EINVAL },
  invalidReturnType: { text: 'invalid return type %u of func %s#%d\n', errno: EINVAL },
  unknownReturnType: { text: 'unknown return type %u of func %s#%d\n', errno: EINVAL },
  funcIpTrampoline: {
    text: 'func %s#%d supported only for fentry/fexit/fsession/fmod_ret programs\n',
    errno: ENOTSUPP,
  },
  funcIpProgram: { text: 'func %s#%d not supported for program type %d\n', errno: ENOTSUPP },
  tailCallInCallback: { text: 'cannot tail call within callback\n', errno: EINVAL },
  // callbacks and subprograms
  forEachMap: { text: 'callback function not allowed for map\n', errno: ENOTSUPP },
  callbackRoot: { text: '', errno: EFAULT },
  callStackTooDeep: { text: 'the call stack of %d frames is too deep\n', errno: E2BIG },
  globalUnderLock: {
    text: 'global function calls are not allowed while holding a lock,\nuse static function instead\n',
    errno: EINVAL,
  },
  sleepableGlobal: { text: 'sleepable global function %s() called in %s\n', errno: EINVAL },
  globalArguments: { text: "Caller passes invalid args into func#%d ('%s')\n", errno: EINVAL },
  argNotScalar: { text: '%s is not a scalar\n', errno: EINVAL },
  argNotCtx: { text: '%s expects pointer to ctx\n', errno: EINVAL },
  argPacketChanges: { text: '%s is a packet pointer, but func#%d may change packet data\n', errno: EINVAL },
  argNull: { text: '%s is expected to be non-NULL\n', errno: EINVAL },
  argNotArena: { text: '%s is not a pointer to arena or scalar.\n', errno: EINVAL },
  returnsStack: { text: 'cannot return stack pointer to the caller\n', errno: EINVAL },
  callbackReturn: { text: 'R0 not a scalar value\n', errno: EACCES },
  valueOutOfRange: { text: '%s the register %s has%s should have been in [%d, %d]\n', errno: EINVAL },
});
