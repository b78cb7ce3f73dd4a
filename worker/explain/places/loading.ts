import { attachTypeName } from '../../kernel/prog-types.ts';
import {
  directive,
  inText,
  typeSpan,
  unprivileged,
  at,
  type PlaceCase,
  type PlaceCauses,
  type PlaceLink,
} from './place-case.ts';

/** What may be loaded without privileges. */
const UNPRIVILEGED_MOST = 4096;

/** What the system call refuses before anything is verified. */
export function loading(c: PlaceCase): PlaceCauses {
  const type: PlaceLink = inText(typeSpan(c), `The program’s type is ${c.result.progType}`);
  const count = c.program.insns.length;
  switch (c.result.rule) {
    case 'load.privileges':
      return {
        links: [unprivileged(c), type],
        missing: 'the type is socket_filter or cgroup_skb, or the program has CAP_BPF',
        refused: type,
      };
    case 'load.size': {
      const links = c.program.privileged ? [] : [unprivileged(c)];
      if (count !== 0) links.push(at(count - 1, `The program has ${count} instructions`));
      return {
        links,
        missing: c.program.privileged
          ? 'the program has 1 to 1000000 instructions'
          : `the program has 1 to ${UNPRIVILEGED_MOST} instructions, or CAP_BPF`,
      };
    }
    default: {
      const span = directive(c, 'attach_type', 'attach') ?? typeSpan(c);
      const { attach, attachType } = c.program;
      const links = [
        type,
        inText(
          span,
          attach === null
            ? `Its expected attach type is ${attachTypeName(attachType) ?? attachType}`
            : 'It names a target in the kernel’s types',
        ),
      ];
      return {
        links,
        missing: 'the attach type and the target are such that programs of this type have',
        refused: inText(span, ''),
      };
    }
  }
}
