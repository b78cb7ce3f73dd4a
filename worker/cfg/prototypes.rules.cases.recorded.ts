// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "what an untrusted pointer points to": [
    [0],
    [2,"call.globalArguments","arg#0 reference type('FLOAT float') has no matches\nCaller passes invalid args into func#1 ('f')"],
    [2,"call.globalArguments","arg#0 reference type('STRUCT nothing_at_all') has no matches\nCaller passes invalid args into func#1 ('f')"],
    [0],
    [22,"call.globalArguments","arg#0 reference type('STRUCT (anon)') candidate matching error: -22\nCaller passes invalid args into func#1 ('f')"],
  ],
  "a type of the kernel's that is named once": [
    [0],
    [3,"call.globalArguments","arg#0 reference type('STRUCT console') is ambiguous\nCaller passes invalid args into func#1 ('f')"],
    [3,"call.globalArguments","arg#0 reference type('STRUCT dma_chan') is ambiguous\nCaller passes invalid args into func#1 ('f')"],
    [3,"call.globalArguments","arg#0 reference type('STRUCT nf_conn') is ambiguous\nCaller passes invalid args into func#1 ('f')"],
    [2,"call.globalArguments","arg#0 reference type('STRUCT task_struct___one___two') has no matches\nCaller passes invalid args into func#1 ('f')"],
    [0],
    [2,"call.globalArguments","arg#0 reference type('STRUCT task_struct____one') has no matches\nCaller passes invalid args into func#1 ('f')"],
    [3,"call.globalArguments","arg#0 reference type('STRUCT nf_conn___init') is ambiguous\nCaller passes invalid args into func#1 ('f')"],
  ],
  "a context that has a name": [
    [0],
    [22,"call.globalArguments","arg#0 type doesn't have a name\nCaller passes invalid args into func#1 ('f')"],
    [22,"call.globalArguments","arg#0 has pointer tag, but is not a pointer type\nCaller passes invalid args into func#1 ('f')"],
    [0],
    [22,"call.globalArguments","arg#0 should be `struct __sk_buff *`\nCaller passes invalid args into func#1 ('f')"],
  ],
  "numbers that are given": [
    [0],
    [22,"call.globalArguments","R2 is not a scalar\nCaller passes invalid args into func#1 ('f')"],
    [22,"call.globalArguments","R2 is not a scalar\nCaller passes invalid args into func#1 ('f')"],
  ],
  "what nobody has defined": [
    null,
    [22,"call.globalArguments","arg#0 has type FWD '(anon)', but only struct or primitive types are allowed\nCaller passes invalid args into func#1 ('f')"],
    [0],
  ],
  "a struct of a module": [
    [95,"call.globalArguments","arg#0 reference type('STRUCT bpf_testmod_ops') points to kernel module type (unsupported)\nCaller passes invalid args into func#1 ('f')"],
    [0],
  ],
};
