import {
  callTarget,
  callbackTarget,
  isConditionalJump,
  jumpTarget,
  starts,
  successors,
} from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { functionAt, type FunctionPlace } from './functions.ts';
import {
  at,
  insnText,
  spanOf,
  unprivileged,
  inText,
  type PlaceCase,
  type PlaceCauses,
  type PlaceLink,
} from './place-case.ts';

/** Ways out of a loop, and jumps to a place, that are shown at most. */
const SHOWN = 3;

/** The jump that leads back, what it leads back to, and where the loop may be left. */
export function backEdge(c: PlaceCase): PlaceCauses {
  const [from, to] = c.args.map(Number);
  const { insns } = c.program;
  const links: PlaceLink[] = [unprivileged(c)];
  const backwards = to <= from;
  if (to !== from) links.push(at(to, backwards ? 'The loop begins here' : 'The loop goes on here'));
  const exits = [...starts(insns)].filter((insn) => {
    const target = jumpTarget(insns, insn);
    if (!isConditionalJump(insns.code[insn]) || insn < to || insn >= from || target === null) return false;
    return target > from || target < to;
  });
  for (const insn of exits.slice(0, SHOWN))
    links.push(at(insn, `${insnText(c, insn)}: the loop may be left here`));
  return { links, missing: 'no jump leads back to where the program has been' };
}

/** What ends before the instruction, where it goes instead, and how far the dead part reaches. */
export function unreachable(c: PlaceCase): PlaceCauses {
  const { insns } = c.program;
  const first = c.insn;
  const reached = reachedFrom(c);
  const links: PlaceLink[] = [];
  let before = -1;
  for (const insn of starts(insns)) if (insn < first) before = insn;
  if (before >= 0) {
    const targets = successors(insns, before);
    const text = insnText(c, before);
    links.push(
      at(
        before,
        targets.length === 0
          ? `${text} ends the function: nothing runs on behind it`
          : `${text} always goes to instruction ${targets.join(' or ')}, never to the next one`,
      ),
    );
    for (const target of targets)
      if (target < insns.length) links.push(at(target, 'It goes on here instead'));
  }
  const jumps = [...starts(insns)].filter(
    (insn) => !reached.has(insn) && successors(insns, insn).includes(first) && insn > first,
  );
  for (const insn of jumps.slice(0, SHOWN))
    links.push(at(insn, `${insnText(c, insn)} leads back to it, but is not reached either`));
  const dead = [...starts(insns)].filter((insn) => insn >= first && !reached.has(insn));
  const end = dead.findIndex((insn, i) => i > 0 && insn > dead[i - 1] + 2);
  const last = end < 0 ? dead.at(-1) : dead[end - 1];
  if (last !== undefined && last !== first)
    links.push(at(last, `The part that nothing leads to reaches from instruction ${first} to here`));
  return { links, missing: `a jump or call leads to instruction ${first}` };
}

/** Does a jump lead to an instruction? */
export function isJumpedTo({ program: { insns } }: PlaceCase, target: number): boolean {
  return [...starts(insns)].some((insn) => jumpTarget(insns, insn) === target);
}

/** Every instruction that some way leads to. */
export function reachedFrom({
  program: { insns, btf, funcInfo },
  functions,
}: PlaceCase): ReadonlySet<number> {
  const reached = new Set<number>();
  const tags = btf === null || funcInfo.length === 0 ? [] : btf.declTags(funcInfo[0][1]);
  const thrown = functions.filter(({ name }) => tags.some(([tag]) => tag === `exception_callback:${name}`));
  const open = [0, ...thrown.map(({ start }) => start)];
  for (let insn = open.pop(); insn !== undefined; insn = open.pop()) {
    if (insn < 0 || insn >= insns.length || reached.has(insn)) continue;
    reached.add(insn);
    open.push(...successors(insns, insn));
    const target = callTarget(insns, insn) ?? callbackTarget(insns, insn);
    if (target !== null) open.push(target);
  }
  return reached;
}

/** The function, its last instruction, and what it would run into. */
export function fallsThrough(c: PlaceCase): PlaceCauses {
  const own = functionAt(c.functions, c.insn);
  const next = c.functions.find((f) => f.start === own.end);
  const links: PlaceLink[] = [];
  if (own.start !== c.insn) links.push(at(own.start, `${capital(own.name)} begins here`));
  else links.push(at(c.insn, `${insnText(c, c.insn)} is all there is of ${own.name}`));
  if (next !== undefined) {
    if (next.enteredAt !== null) links.push(entry(c, next));
    links.push(at(next.start, `${capital(own.name)} would run on into ${next.name}`));
  }
  return {
    links,
    missing: `${own.name} ends with exit or an unconditional jump${next === undefined ? ', as behind its last instruction there is nothing' : ''}`,
  };
}

/** Why a function begins where it does. */
function entry(c: PlaceCase, { enteredAt, start, name }: FunctionPlace): PlaceLink {
  return at(
    enteredAt!,
    `${insnText(c, enteredAt!)}: what stands at instruction ${start} is ${name === `the function at ${start}` ? 'a function of its own' : `the function ${name}`} by this`,
  );
}

/** The jump, the function that it stands in, and what its target belongs to. */
export function jumpOut(c: PlaceCase): PlaceCauses {
  const [insn, target] = c.args.map(Number);
  const own = functionAt(c.functions, insn);
  const links: PlaceLink[] = [];
  const isOutside = target < 0 || target >= c.program.insns.length;
  links.push(at(own.start, `${capital(own.name)} is instructions ${own.start} to ${own.end - 1}`));
  if (!isOutside) {
    const other = functionAt(c.functions, target);
    for (const f of [own, other]) if (f.enteredAt !== null) links.push(entry(c, f));
    links.push(at(target, `The jump’s target belongs to ${other.name}`));
  }
  return {
    links,
    missing: `instruction ${target} is in ${own.name}${isOutside ? `; the program ends with instruction ${c.program.insns.length - 1}` : ''}`,
  };
}

/** How far a jump of 16 bits goes. */
const REACH = 0x7fff;

/** Jumps of 16 bits across an instruction, the longest first. */
export function jumpsAcross({ program: { insns } }: PlaceCase, insn: number): number[] {
  const distance = (jump: number): number => Math.abs(jumpTarget(insns, jump)! - jump - 1);
  return [...starts(insns)]
    .filter((jump) => {
      const target = jumpTarget(insns, jump);
      if (target === null || insns.code[jump] === op.OP_GOTOL) return false;
      return target > jump ? jump < insn && insn < target : target <= insn && insn < jump;
    })
    .sort((a, b) => distance(b) - distance(a));
}

/** The instruction that becomes several when the program is written anew, and the jumps across it. */
export function tooFar(c: PlaceCase): PlaceCauses {
  const insn = Number(c.args[0]);
  const { insns } = c.program;
  const links = jumpsAcross(c, insn)
    .slice(0, SHOWN)
    .map((jump) => {
      const far = Math.abs(jumpTarget(insns, jump)! - jump - 1);
      return at(
        jump,
        `${insnText(c, jump)} goes ${far} instructions far, of ${REACH} that its 16 bits can say`,
      );
    });
  links.push(at(insn, `${insnText(c, insn)} becomes several instructions when the program is written anew`));
  return { links, missing: 'what the jump goes across fits 16 bits, or the jump is a gotol' };
}

/** The jumps that lead to the second half of a wide load. */
export function jumpIntoWide(c: PlaceCase): PlaceCauses {
  const { insns } = c.program;
  const links = [...starts(insns)]
    .filter((insn) => jumpTarget(insns, insn) === c.insn + 1)
    .slice(0, SHOWN)
    .map((insn) => at(insn, `${insnText(c, insn)} leads to slot ${c.insn + 1}`));
  links.push(at(c.insn, `${insnText(c, c.insn)} takes two slots, ${c.insn} and ${c.insn + 1}`));
  return { links, missing: `jumps lead to slot ${c.insn} or ${c.insn + 2}` };
}

/** The indirect jump of a function without a table, and the tables that there are. */
export function jumpTableMissing(c: PlaceCase): PlaceCauses {
  const own = functionAt(c.functions, Number(c.args[0]));
  const { insns } = c.program;
  const links = [at(own.start, `${capital(own.name)} is instructions ${own.start} to ${own.end - 1}`)];
  for (const insn of starts(insns))
    if (insns.code[insn] === op.OP_GOTOX && insn >= own.start && insn < own.end)
      links.push(at(insn, `${insnText(c, insn)} goes to an address that is read from a jump table`));
  for (const table of c.text.outline.jumpTables)
    links.push(
      inText(
        spanOf(table.span),
        `The table ${table.name} is not loaded by the program, or begins in another function`,
      ),
    );
  return {
    links,
    missing: `the program loads the address of a jump table whose entries are instructions of ${own.name}`,
  };
}

/** The entries of a table that lie outside of its function. */
export function jumpTableOutside(c: PlaceCase): PlaceCauses {
  const [insn, start, end] = c.args.map(Number);
  const own = functionAt(c.functions, start);
  const links = [at(start, `${capital(own.name)} is instructions ${start} to ${end - 1}`)];
  for (const { entries } of c.text.outline.jumpTables) {
    const targets = entries.map(
      (entry) => (c.text.outline.labels.find((l) => l.name === entry.label)?.slot ?? 0) + entry.addend,
    );
    // one entry inside makes it this function's table
    if (!targets.some((to) => to >= start && to < end)) continue;
    for (const [i, to] of targets.entries())
      if (to < start || to >= end)
        links.push(
          inText(
            spanOf(entries[i].span),
            `This entry is instruction ${to}, in ${functionAt(c.functions, to).name}`,
          ),
        );
  }
  return {
    links,
    missing: `all entries of the tables that instruction ${insn} may use are instructions of ${own.name}`,
  };
}

const capital = (text: string): string => (text.startsWith('the ') ? `T${text.slice(1)}` : text);
