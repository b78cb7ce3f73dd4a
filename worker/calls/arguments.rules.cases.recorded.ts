// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "what is put into a map": [
    [0],
    [13,"call.possiblyNullHelper","Possibly NULL pointer passed to helper R2"],
    [13,"kfunc.possiblyNull","Possibly NULL pointer passed to trusted R1"],
  ],
  "callbacks that wait": [
    [0],
    [7,"search.tooManyAsyncJumps","The sequence of 8193 jumps is too complex for async cb."],
  ],
  "what is a text": [
    [0],
    [13,"call.strInsnArray","R3 points to insn_array map which cannot be used as const string"],
  ],
  "a dynptr that is given": [
    [0],
    [22,"call.globalArguments","R1 expected pointer to stack or const struct bpf_dynptr"],
    [22,"call.globalArguments","R1 expected pointer to stack or const struct bpf_dynptr"],
    [22,"call.globalArguments","Expected an initialized dynptr as R1"],
  ],
  "a dynptr of a kfunc": [
    [0],
    [22,"call.dynptrExpectsStack","R1 expected pointer to stack or const struct bpf_dynptr"],
    [22,"call.dynptrExpectsStack","R1 expected pointer to stack or const struct bpf_dynptr"],
  ],
  "where a path may be asked for": [
    [0],
    [22,"call.notAllowedInProbe","helper call is not allowed in probe"],
    [22,"call.notAllowedInProbe","helper call is not allowed in probe"],
  ],
};
