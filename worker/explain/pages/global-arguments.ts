import type { RulePage } from '../page.ts';

export const globalArguments: RulePage = {
  rules: ['call.globalArguments', 'call.argNull', 'call.argNotScalar', 'call.argNotCtx'],
  title: 'The arguments do not fit the global function',
  explanation:
    'A global function is verified once, on its own, for arguments as its prototype describes them: a pointer to a struct is memory of that size (or NULL, unless it is tagged __arg_nonnull), a number is a number. What is passed here is not that; the message before says which argument. Check for NULL, pass memory that is large enough, change the prototype’s tags, or make the function static.',
  rationale:
    'Inside, the function was proven safe under these assumptions. A call that breaks them breaks the proof.',
  failing: `.prog   tc
.c
struct pair { int a; int b; };
.endc
main:   r1 = 0
        call first
        r0 = 0
        exit
.func global int first(struct pair *p __arg_nonnull)
first:  r0 = *(u32 *)(r1 + 0)
        exit
`,
  fixed: `.prog   tc
.c
struct pair { int a; int b; };
.endc
main:   *(u64 *)(r10 - 8) = 0
        r1 = r10
        r1 += -8
        call first
        r0 = 0
        exit
.func global int first(struct pair *p __arg_nonnull)
first:  r0 = *(u32 *)(r1 + 0)
        exit
`,
  related: ['call.argPacketChanges', 'prototype.globalReturn', 'call.globalUnderLock'],
  fixes: [],
};
