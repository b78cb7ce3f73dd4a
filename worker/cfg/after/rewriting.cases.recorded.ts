// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../../testing/cases.ts';

export const RECORDED: Recorded = {
  "a jump across a call that is written out": [
    [0],
    [12,"after.notPatched","insn 4 cannot be patched due to 16-bit range"],
  ],
  "a jump back across a call that is written out": [
    [0],
    [12,"after.notPatched","insn 2 cannot be patched due to 16-bit range"],
  ],
  "a jump across a division": [
    [0],
    [12,"after.notPatched","insn 5 cannot be patched due to 16-bit range"],
  ],
  "a jump across a packet load": [
    [0],
    [12,"after.notPatched","insn 4 cannot be patched due to 16-bit range"],
  ],
  "a jump across a lookup": [
    [0],
    [12,"after.notPatched","insn 9 cannot be patched due to 16-bit range"],
  ],
  "a jump across what is removed first": [
    [0],
    [0],
    [12,"after.notPatched","insn 4 cannot be patched due to 16-bit range"],
  ],
};
