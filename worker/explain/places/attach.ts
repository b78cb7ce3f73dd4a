import { BTF_KIND_FUNC, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF, type Btf } from '../../btf/btf.ts';
import { declaration, formatFunc, typeName } from '../../btf/format.ts';
import { attachTypeName } from '../../kernel/prog-types.ts';
import { structOpsType } from '../../kernel/struct-ops.ts';
import type { Attach } from '../../program/program.ts';
import { BPF_F_SLEEPABLE } from '../../program/section.ts';
import {
  directive,
  inText,
  typeSpan,
  type PlaceCase,
  type PlaceCauses,
  type PlaceLink,
} from './place-case.ts';
import { deniedLinks } from './prototypes.ts';

/** Members of a struct_ops type that are named at most. */
const SHOWN = 12;
const KINDS = { func: BTF_KIND_FUNC, typedef: BTF_KIND_TYPEDEF, struct: BTF_KIND_STRUCT } as const;

/** What a program attaches to by name: in which types, and under which id; null if it names nothing or nothing that is known. */
export interface Target {
  readonly attach: Extract<Attach, { readonly name: string }>;
  readonly btf: Btf;
  readonly id: number;
}

export function targetOf(c: Pick<PlaceCase, 'program' | 'model'>): Target | null {
  const { attach } = c.program;
  if (attach === null || attach.kind === 'prog' || !c.model.hasBtf) return null;
  const btf = attach.module === null ? c.model.btf() : c.model.moduleBtf(attach.module);
  const id = btf?.find(attach.name, KINDS[attach.kind]) ?? 0;
  return btf === null || id === 0 ? null : { attach, btf, id };
}

/** Where the text says what is attached to. */
export const attachSpan = (c: PlaceCase): ReturnType<typeof typeSpan> =>
  directive(c, 'attach') ?? typeSpan(c);

/** What the text attaches to, and what the kernel says of that. */
export function attachTarget(c: PlaceCase): PlaceCauses {
  const { rule } = c.result;
  const target = targetOf(c);
  const links: PlaceLink[] = [];
  const [what, missing] = WORDS[rule ?? ''] ?? ['', null];
  if (target === null)
    links.push(
      inText(
        typeSpan(c),
        /NoId$/.test(rule ?? '')
          ? 'The program names nothing that it attaches to'
          : `The program’s type is ${c.result.progType}`,
      ),
    );
  else if (target.attach.kind === 'struct') links.push(...structOps(c, target));
  else
    links.push(
      inText(
        attachSpan(c),
        target.attach.kind === 'func'
          ? `The program attaches to ${formatFunc(target.btf, target.id)}`
          : `The program attaches to the type ${target.attach.name}, which is ${typeName(target.btf, target.btf.type(target.id).type)}`,
      ),
    );
  const sleeps = (c.program.flags & BPF_F_SLEEPABLE) !== 0;
  if (/[sS]leepable|notFaultable/.test(rule ?? ''))
    links.push(
      inText(
        directive(c, 'flags') ?? typeSpan(c),
        `The program is ${sleeps ? '' : 'not '}loaded as sleepable`,
      ),
    );
  if (rule === 'attach.unsupported') {
    const { attachType } = c.program;
    const type = attachTypeName(attachType) ?? String(attachType);
    links.push(inText(directive(c, 'attach_type') ?? typeSpan(c), `Its expected attach type is ${type}`));
  }
  if (/License/.test(rule ?? ''))
    links.push(inText(directive(c, 'license'), `The program’s licence is ${c.program.license}`));
  if (what !== '') links.push(inText(attachSpan(c), what));
  return { links, missing, refused: inText(attachSpan(c), '') };
}

const MODIFIABLE =
  'security_… functions, and functions that are marked for error injection or for having their result replaced, such as bpf_modify_return_test';

/** By rule: what speaks against the target, and what would have to be so. */
const WORDS: Readonly<Record<string, readonly [what: string, missing: string]>> = {
  'attach.tracingNoId': ['', 'the program says which function, tracepoint or iterator it attaches to'],
  'attach.replaceKernel': [
    'A freplace program takes the place of a function of another BPF program',
    'the target is a function of a BPF program',
  ],
  'attach.notTypedef': [
    'Tracepoints are found by the typedef btf_trace_NAME, which this is not',
    'the target is a tracepoint',
  ],
  'attach.wrongTypeName': [
    'The name of what is attached to is none of the kernel’s hooks of this kind',
    'the target is a tracepoint (btf_trace_…) or a hook of the LSM (bpf_lsm_…)',
  ],
  'attach.notFaultable': [
    'Only the tracepoints sys_enter and sys_exit may fault',
    'the tracepoint is sys_enter or sys_exit, or the program does not sleep',
  ],
  'attach.notFunction': ['This is no function', 'the target is a function'],
  'attach.bigReturn': [
    'Its result does not fit into one register, and this type of program sees the result',
    'the result has 8 bytes at most, or the program runs before the function (fentry)',
  ],
  'attach.notSleepable': [
    'The function is not marked as one in which programs may sleep',
    'the function is a system call or marked for error injection, or the program does not sleep',
  ],
  'attach.notModifiable': [`Results are replaced of ${MODIFIABLE}`, 'the function’s result may be replaced'],
  'attach.denied': [
    'The function is on the kernel’s list of those that tracing programs themselves run through',
    'the function is not one that the call of a tracing program needs',
  ],
  'attach.noreturn': [
    'The function never returns: what runs after it never would',
    'the function returns, or the program runs before it (fentry)',
  ],
  'attach.lsmLicense': ['', 'the licence is compatible with the GPL'],
  'attach.lsmDisabled': [
    'This hook is switched off for BPF: what it returns is not just a verdict',
    'the hook is one of those that BPF programs may answer',
  ],
  'attach.structOpsLicense': ['', 'the licence is compatible with the GPL'],
  'attach.structOpsNoId': ['', 'the program says which member of which struct it implements'],
  'attach.structOpsStruct': [
    'The kernel takes no programs for this struct',
    'the struct is one that is registered for struct_ops',
  ],
  'attach.structOpsTailCall': [
    'A member with a reference as argument owns it; what is tail called would not know',
    'the program does not tail call, or the member takes no reference',
  ],
  'attach.sleepableType': ['', 'the type is one whose programs may sleep'],
  'attach.syscallNotSleepable': ['', 'the program is loaded as sleepable'],
  'attach.unsupported': ['', 'the attach type goes with the program’s type and target'],
  'attach.structOpsIndex': ['', 'the number is that of a member'],
  'attach.structOpsMember': ['', 'the member is a pointer to a function'],
  'attach.structOpsUnsupported': [
    '',
    'the member is one that programs may implement, and as sleepable or not as it has to be',
  ],
  'attach.structOpsArena': ['', 'the program uses an arena, so that the argument points into something'],
};

/** The struct, its member with its type, and which members programs may implement. */
function structOps(c: PlaceCase, { attach, btf, id }: Target): PlaceLink[] {
  const { members } = btf.type(id);
  const index = c.program.attachType;
  const span = attachSpan(c);
  const row = structOpsType(attach.name);
  if (row === null) return [inText(span, `The program implements a member of struct ${attach.name}`)];
  const links: PlaceLink[] = [];
  if (index >= members.length)
    links.push(inText(span, `struct ${attach.name} has the members 0 to ${members.length - 1}`));
  else {
    const member = members[index];
    links.push(
      inText(
        span,
        `The program is to be ${declaration(btf, member.type, member.name)} of struct ${attach.name}`,
      ),
    );
    if (row.members.has(member.name)) {
      const sleep = row.sleep(member.name);
      const sleepable = (c.program.flags & BPF_F_SLEEPABLE) !== 0;
      if (sleep !== 'may')
        links.push(
          inText(
            directive(c, 'flags') ?? typeSpan(c),
            `Programs for it ${sleep === 'must' ? 'have to' : 'may not'} be sleepable; this one is${sleepable ? '' : ' not'}`,
          ),
        );
    }
  }
  const known = members.filter(({ name }) => row.members.has(name)).map(({ name }) => name);
  if (c.result.rule !== 'attach.structOpsArena' && c.result.rule !== 'attach.structOpsLicense')
    links.push(
      inText(
        span,
        `Programs may implement: ${known.slice(0, SHOWN).join(', ')}${known.length > SHOWN ? ` and ${known.length - SHOWN} more` : ''}`,
      ),
    );
  return links;
}

/** What the prototype of the target has that no trampoline can pass on. */
export function attachPrototype(c: PlaceCase): PlaceCauses {
  const target = targetOf(c);
  const { links, missing } = deniedLinks(
    c,
    target === null ? null : { btf: target.btf, func: target.id, span: attachSpan(c) },
  );
  return { links, missing, refused: inText(attachSpan(c), '') };
}
