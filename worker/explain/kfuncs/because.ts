import { formatKernel } from '../../failure/format.ts';
import { ASKS, familyNames } from '../../kernel/families.ts';
import { KF_RCU_PROTECTED, KF_SLEEPABLE, KF_SPINLOCK_SAFE } from '../../kernel/kfunc-flags.ts';
import type { Kfunc } from '../../kernel/kfuncs.ts';
import type { KernelModel } from '../../kernel/model.ts';
import { progType } from '../../kernel/prog-types.ts';
import type { ProgTraits } from '../../kernel/prog-traits.ts';
import type { Column, Held } from './columns.ts';
import type { Legality } from './legality.ts';
import type { Cell } from './matrix.ts';
import type { Setting } from './programs.ts';

/** Why a cell says what it says. */
export interface Because {
  /** A word or two for the cell: the flag, family or registration that decides. */
  readonly short: string;
  readonly sentence: string;
}

const COMMON = 'COMMON';
const FMODRET = 'FMODRET';

/** `TC, XDP`: the hooks a kfunc is registered under, in the kernel's words. */
export function hooksText({ hooks, inventedTypeId }: Kfunc): string {
  if (inventedTypeId !== 0) return 'every program (invented)';
  return hooks
    .map((hook) =>
      hook === COMMON ? 'every program' : hook === FMODRET ? 'fmod_ret attachment only' : hook.toLowerCase(),
    )
    .join(', ');
}

/** The kernel's text for a refusal, `…` where it depends on what is passed; null if allowed. */
export function kernelText(legality: Legality): string | null {
  if (legality.allowed) return null;
  const { rule, args } = legality;
  if (args === null) return rule.text.replace(/%(?:ll)?[dus]/g, '…').trimEnd();
  return formatKernel(rule.text, args).trimEnd();
}

const underLock = (column: Column): boolean => column.id === 'spin-lock' || column.id === 'res-lock';

/** The flag or family that lets a kfunc run under a lock, or that it lacks. */
function lockWord(model: KernelModel, kfunc: Kfunc, allowed: boolean): Because {
  const byFamily = model.semantics.has('kf-spin-lock-before') && !model.semantics.has('kf-spin-lock');
  if (!byFamily)
    return allowed
      ? { short: 'SPINLOCK_SAFE', sentence: 'Allowed while a lock is held because KF_SPINLOCK_SAFE is set.' }
      : {
          short: 'no SPINLOCK_SAFE',
          sentence:
            'Refused while a lock is held because KF_SPINLOCK_SAFE is not set; this is asked before anything else about the call.',
        };
  if (allowed) {
    const family = familyNames(kfunc.families & ASKS.allowedUnderLockByFamily)[0];
    return {
      short: `family ${family}`,
      sentence: `Allowed while a lock is held because it is in the family ${family}, which these rules list by name.`,
    };
  }
  if (kfunc.module !== null)
    return {
      short: 'module',
      sentence: 'Refused while a lock is held: under these rules no kfunc of a module may be called then.',
    };
  const flag =
    kfunc.flags & KF_SPINLOCK_SAFE ? ' Its flag KF_SPINLOCK_SAFE does not count under these rules.' : '';
  return {
    short: 'no family',
    sentence: `Refused while a lock is held because it is in none of the families that these rules list by name.${flag}`,
  };
}

function registration(kfunc: Kfunc, traits: ProgTraits, section: string): Because {
  const row = progType(traits.progType);
  const hook = row?.kfuncHook ?? null;
  const type = row?.name ?? section;
  if (kfunc.hooks.length === 1 && kfunc.hooks[0] === FMODRET)
    return {
      short: 'not callable',
      sentence: 'It is registered for fmod_ret programs to attach to, not to be called.',
    };
  if (kfunc.hooks.includes(COMMON) || (hook !== null && kfunc.hooks.includes(hook)))
    return {
      short: 'filtered',
      sentence: `It is registered for ${hooksText(kfunc)}, but its filter refuses ${section}: it wants another attach point.`,
    };
  const own =
    hook === null
      ? `Programs of type ${type} have no kfuncs of their own`
      : `It is not registered for ${type}`;
  return { short: 'not registered', sentence: `${own}; it is registered for ${hooksText(kfunc)}.` };
}

/** Why a call is allowed or not, for a cell of the table or the step shown (`column` null). */
export function because(
  model: KernelModel,
  kfunc: Kfunc,
  column: Column | null,
  { legality, setting, held }: Cell,
): Because {
  if (setting === null) return { short: '', sentence: 'No program can come into this situation.' };
  return legality.allowed
    ? whyAllowed(model, kfunc, column, setting, held)
    : whyNot(model, kfunc, legality, setting);
}

function whyNot(
  model: KernelModel,
  kfunc: Kfunc,
  l: Legality & { allowed: false },
  { section, traits }: Setting,
): Because {
  switch (l.question) {
    case 'lock':
      return lockWord(model, kfunc, false);
    case 'registered':
      return registration(kfunc, traits, section);
    case 'privilege':
      return {
        short: 'privilege',
        sentence:
          'Programs without CAP_BPF or with a licence that is not GPL compatible call no kfuncs at all.',
      };
    case 'prototype':
      return {
        short: 'prototype',
        sentence:
          'Its prototype has an argument that the verifier cannot check: every program that calls it is refused before the walk.',
      };
    case 'device':
      return {
        short: 'device',
        sentence:
          'It reads metadata of a received packet, which only programs bound to a device may (flag xdp_dev_bound_only).',
      };
    case 'policy':
      return {
        short: 'policy',
        sentence: `Refused by policy: ${l.rule.text.trim().replace('%s', kfunc.name)}.`,
      };
    case 'program-sleeps':
      return {
        short: 'SLEEPABLE',
        sentence: `KF_SLEEPABLE is set, and a program of section ${section} never sleeps.`,
      };
    case 'region-sleeps':
      return {
        short: 'SLEEPABLE',
        sentence: `KF_SLEEPABLE is set, and within a ${String(l.args?.[1])} nothing may sleep.`,
      };
    case 'rcu':
      return {
        short: 'RCU_PROTECTED',
        sentence:
          'KF_RCU_PROTECTED is set, and this is no RCU section (a lock, disabled preemption or interrupts, and programs that never sleep would count as one).',
      };
    case 'region-end':
      return { short: 'nothing to end', sentence: 'It ends a section that is not open here.' };
    case 'exception':
      return {
        short: 'must be left',
        sentence: 'An exception leaves the program at once, and what is held here may not be left behind.',
      };
    case 'arguments':
      return argumentWord(kfunc, l);
  }
}

const ARGUMENT_WORDS: Readonly<Record<string, Because>> = {
  'kfunc.cssTaskIter': {
    short: 'css_task',
    sentence:
      'The css_task iterator takes a lock: only LSM programs, iterators and sleepable programs may use it.',
  },
  'kfunc.iterRcu': {
    short: 'RCU_PROTECTED',
    sentence: 'Its iterator is made by a kfunc with KF_RCU_PROTECTED and is lost when the RCU section ends.',
  },
  'kfunc.kernCtx': {
    short: 'no struct',
    sentence: 'The kernel’s own context of such programs is no struct, so there is nothing to cast to.',
  },
  'kfunc.packetWrites': {
    short: 'no packets',
    sentence:
      'It yields memory that may be written, packets included: only programs that may write packets may call it.',
  },
  'kfunc.noAcquired': {
    short: 'nothing held',
    sentence: 'It gives back what the iterator’s _next acquired, and nothing is held here.',
  },
  'kfunc.lockNotHeld': {
    short: 'needs the lock',
    sentence: 'It works on a list or tree, and the lock beside the root must be held.',
  },
  'context.unlockWithoutLock': { short: 'no lock', sentence: 'It releases a lock, and none is held here.' },
  'kfunc.irqFlagUninitialized': {
    short: 'nothing saved',
    sentence: 'It restores interrupt flags, and none were saved here.',
  },
};

function argumentWord(kfunc: Kfunc, l: Legality & { allowed: false }): Because {
  return (
    ARGUMENT_WORDS[l.rule.id] ?? {
      short: 'other lock',
      sentence: `${kfunc.name} releases another kind of lock than the one that is held.`,
    }
  );
}

/** How a call stands, in a few words. */
export const CIRCUMSTANCES: Readonly<Record<Held, string>> = {
  'spin-lock': 'with the lock held',
  'res-lock': 'with the lock held',
  'res-lock-irq': 'with the lock held',
  rcu: 'in an RCU section',
  preempt: 'with preemption off',
  irq: 'with interrupts off',
  nofault: 'in a nofault region',
};

function whyAllowed(
  model: KernelModel,
  kfunc: Kfunc,
  column: Column | null,
  { section, traits }: Setting,
  held: Held | null,
): Because {
  if (column === null ? held !== null : underLock(column)) return lockWord(model, kfunc, true);
  const registered =
    kfunc.inventedTypeId !== 0
      ? 'invented by this program, so allowed in every type'
      : `registered for ${hooksText(kfunc)}`;
  if (column?.group === 'type') {
    const hook = progType(traits.progType)?.kfuncHook ?? null;
    const plain = kfunc.hooks.includes(COMMON) || kfunc.inventedTypeId !== 0;
    const short = plain ? 'every type' : (hook ?? '').toLowerCase();
    return {
      short: held === null ? short : `${short}, ${CIRCUMSTANCES[held]}`,
      sentence: `Allowed, for example in section ${section}${held === null ? '' : `, but only ${CIRCUMSTANCES[held]}`}: ${registered}.`,
    };
  }
  if (kfunc.flags & KF_SLEEPABLE)
    return {
      short: 'may sleep',
      sentence: `KF_SLEEPABLE is set, and here a program of section ${section} may sleep (${registered}).`,
    };
  if (kfunc.flags & KF_RCU_PROTECTED)
    return {
      short: 'RCU',
      sentence: `KF_RCU_PROTECTED is set, and this counts as an RCU section (${registered}).`,
    };
  return { short: 'not SLEEPABLE', sentence: `Nothing forbids it: KF_SLEEPABLE is not set (${registered}).` };
}
