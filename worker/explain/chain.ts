import { isConditionalJump, jumpTarget, starts } from '../isa/flow.ts';
import { printLlvm } from '../isa/llvm-print.ts';
import type { ChainLink, Explanation, WayStep } from '../protocol.ts';
import { callee, walked, type Case, type WalkedCase } from './context.ts';
import { grounds } from './places/grounds.ts';
import { places } from './places/places.ts';
import { controlSlice, passedBy } from './slice/control.ts';
import { curesOf } from './slice/cures.ts';
import { dataSlice, type Origin } from './slice/data.ts';
import { held, lastRelease, regionLost } from './slice/held.ts';
import { missingFact, nextOnWay, type Missing } from './slice/missing.ts';
import { siblingThatPasses } from './slice/sibling.ts';
import { subjects } from './slice/subject.ts';

/** Values and branches shown at most. */
const ORIGINS = 14;
const BRANCHES = 5;
/** Steps of the whole way kept at most, the last ones. */
const WAY = 400;

/** How it came to a rejection. */
export type Causes = Pick<Explanation, 'chain' | 'way' | 'missing' | 'sibling'>;

/** What a verdict without causes can show. */
export const NO_CAUSES: Causes = { chain: [], way: [], missing: null, sibling: null };

/** The causes of any rejection: the program's shape and settings where a rule is about them, else what the walk met. */
export function causesOf(c: Case): Causes {
  const placement = places(c);
  if (placement === null) {
    const walk = walked(c);
    return walk === null ? NO_CAUSES : causes(walk);
  }
  const { chain, missing } = placement;
  return {
    ...NO_CAUSES,
    chain,
    missing: missing === null ? null : { fact: missing, step: null, insn: -1, how: '' },
  };
}

type Kind = ChainLink['kind'];

/**
 * The slice of the walk that matters: what is held, what made the values that the rule is about, and the branches that decided that the
 * instruction is reached, in the order in which they were walked; the last one is the rejection itself.
 */
function causes(c: WalkedCase): Causes {
  const links = new Map<number, { why: string; kind: Kind }>();
  const add = (step: number, why: string, kind: Kind = 'value'): void => {
    if (step < 0 || step === c.step) return;
    const known = links.get(step);
    if (known === undefined) links.set(step, { why, kind });
    else if (why.startsWith(known.why)) links.set(step, { why, kind: known.kind });
    else if (!known.why.includes(why))
      links.set(step, { why: `${known.why}; ${why}`, kind: kind === 'branch' ? known.kind : kind });
  };
  const holds = (step: number, why: string): void => add(step, why, 'held');

  held(c, holds);
  const region = regionLost(c, (step, why) => add(step, why, 'lost'));
  const rule = c.result.rule ?? '';
  let missing: Missing | null = null;
  if (rule === 'search.infiniteLoop') sameBefore(c, add);
  if (/^search\.(tooLarge|tooMany)/.test(rule)) busiest(c, add);
  if (rule === 'kfunc.noAcquired') lastRelease(c, (step, why) => add(step, why, 'lost'));

  const about = subjects(c);
  const origins = dataSlice(c, about, c.step).slice(0, ORIGINS);
  for (const origin of origins) add(origin.step, origin.why, origin.loses ? 'lost' : 'value');
  missing =
    missingFact(c, about, origins) ?? lastLoss(origins) ?? regionMissing(region) ?? heldMissing(c, links);

  const branches = controlSlice(c, BRANCHES);
  for (const step of branches) if (!links.has(step)) add(step, branchText(c, step), 'branch');
  const since = first(links);
  for (const { step, cure } of passedBy(c, curesOf(c, about), 2)) {
    if (step > since) add(step, `${branchText(c, step)}, past ${cureText(c, cure)}`, 'branch');
  }
  // where a comparison refined a value, which way it went is told with it
  for (const [step, link] of links) {
    if (
      link.kind === 'value' &&
      isConditionalJump(c.program.insns.code[c.trace.insnAt(step)]) &&
      !link.why.startsWith('if ')
    )
      links.set(step, { ...link, why: `${branchText(c, step)}: ${link.why}` });
  }
  const sibling = siblingThatPasses(c, about, branches);
  if (sibling !== null && sibling.branch >= 0 && !links.has(sibling.branch))
    add(sibling.branch, branchText(c, sibling.branch), 'branch');

  const basis = grounds(c, about, origins.length === 0).map((link): ChainLink => ({
    step: null,
    ...link,
    kind: 'place',
  }));
  const steps: ChainLink[] = [...links]
    .sort((a, b) => a[0] - b[0])
    .map(([step, { why, kind }]) => ({ step, insn: c.trace.insnAt(step), span: null, why, kind }));
  steps.push({ step: c.step, insn: c.insn, span: null, why: sentence(c.result.message), kind: 'refused' });
  return {
    chain: [...basis, ...steps],
    way: wayOf(c),
    missing:
      missing === null
        ? null
        : {
            fact: missing.fact,
            step: missing.until,
            insn: missing.until < 0 ? -1 : c.trace.insnAt(missing.until),
            how: missing.how,
          },
    sibling:
      sibling === null ? null : { step: sibling.step, insn: c.trace.insnAt(sibling.step), why: sibling.why },
  };
}

/** The step at which what is held, or lost, began; -1 if nothing was. */
function first(links: ReadonlyMap<number, { readonly kind: Kind }>): number {
  const steps = [...links].filter(([, link]) => link.kind === 'held').map(([step]) => step);
  return steps.length === 0 ? -1 : Math.min(...steps);
}

function cureText(c: WalkedCase, cure: number): string {
  const name = callee(c, cure);
  return name === '' ? `what instruction ${cure} writes` : `the call of ${name} at instruction ${cure}`;
}

function sentence(message: string): string {
  const line = message.split('\n')[0];
  return line === '' ? 'The program is rejected here' : `Rejected: ${line}`;
}

/** The latest step that took away what the rejection is about. */
function lastLoss(origins: readonly Origin[]): Missing | null {
  const loss = origins
    .filter((origin) => origin.loses)
    .sort((a, b) => b.step - a.step)
    .at(0);
  if (loss === undefined) return null;
  return { fact: 'What is used here is what it was before', until: loss.step, how: loss.why };
}

const REGION_NAMES: Readonly<Record<string, string>> = {
  lock: 'the lock is held',
  rcu: 'an RCU read section is open',
  preempt: 'preemption is disabled',
  irq: 'interrupts are disabled',
  nofault: 'faulting is forbidden',
};

function regionMissing(region: { readonly kind: string; readonly step: number } | null): Missing | null {
  if (region === null) return null;
  return {
    fact: REGION_NAMES[region.kind] ?? 'the region is open',
    until: region.step,
    how: region.step < 0 ? '' : 'it ended there',
  };
}

/** Something is held that may not be: its absence is the fact, true until it was taken. */
function heldMissing(
  c: WalkedCase,
  links: ReadonlyMap<number, { readonly why: string; readonly kind: Kind }>,
): Missing | null {
  const first = [...links]
    .filter(([, link]) => link.kind === 'held')
    .sort((a, b) => a[0] - b[0])
    .at(0);
  if (first === undefined) return null;
  const leak = c.result.rule === 'context.referenceLeak';
  return {
    fact: leak ? 'everything that was acquired has been given back' : 'nothing is held that forbids this',
    until: first[0],
    how: first[1].why,
  };
}

/** Where the walk was in the same state before: at the last visit of the instruction; and the branches of the round. */
function sameBefore(c: WalkedCase, add: (step: number, why: string, kind?: Kind) => void): void {
  let branches = 0;
  for (const step of c.trace.way(c.step)) {
    if (step === c.step) continue;
    if (c.trace.insnAt(step) === c.insn)
      return add(step, 'The walk was here before, in the same state', 'held');
    if (isConditionalJump(c.program.insns.code[c.trace.insnAt(step)]) && branches++ < BRANCHES)
      add(step, `${branchText(c, step)}, as in the round before`, 'branch');
  }
}

/** The branches that were walked most often. */
function busiest(c: WalkedCase, add: (step: number, why: string, kind?: Kind) => void): void {
  const { trace, program } = c;
  const branches = [...starts(program.insns)].filter(
    (insn) => isConditionalJump(program.insns.code[insn]) || callee(c, insn) !== '',
  );
  branches.sort((a, b) => trace.visits[b] - trace.visits[a]);
  const wanted = new Set(branches.slice(0, 3).filter((insn) => trace.visits[insn] > 1));
  for (const step of trace.way(c.step)) {
    const insn = trace.insnAt(step);
    if (!wanted.delete(insn)) continue;
    add(
      step,
      `${printLlvm(program.insns, insn, { label: labelsOf(c) })}: walked ${trace.visits[insn]} times`,
      'held',
    );
    if (wanted.size === 0) return;
  }
}

/** A branch of the way and how it went. */
export function branchText(c: WalkedCase, step: number): string {
  const insn = c.trace.insnAt(step);
  const name = callee(c, insn);
  const text = printLlvm(c.program.insns, insn, {
    label: labelsOf(c),
    callee: () => (name === '' ? null : name),
  });
  if (/_next$/.test(name)) return `${text}: it may return another element, or none`;
  if (!isConditionalJump(c.program.insns.code[insn])) return text;
  const next = nextOnWay(c, step);
  const taken = next >= 0 && jumpTarget(c.program.insns, insn) === c.trace.insnAt(next);
  return `${text}: ${taken ? 'taken' : 'not taken'}`;
}

/** The way to the rejection, its last steps if it is long. */
function wayOf(c: WalkedCase): WayStep[] {
  const steps: WayStep[] = [];
  const label = labelsOf(c);
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    const name = callee(c, insn);
    steps.push({
      step,
      insn,
      text: printLlvm(c.program.insns, insn, { label, callee: () => (name === '' ? null : name) }),
    });
    if (steps.length === WAY) break;
  }
  return steps.reverse();
}

function labelsOf(c: WalkedCase): (slot: number) => string | null {
  return (slot) => c.text.outline.labels.find((label) => label.slot === slot)?.name ?? null;
}
