import { isConditionalJump } from '../../isa/flow.ts';
import { printLlvm } from '../../isa/llvm-print.ts';
import * as op from '../../isa/opcodes.ts';
import { NOT_INIT, PTR_TO_CTX, baseType, regTypeStr } from '../../kernel/types.ts';
import { EVENT_LOST, EVENT_RELEASED, LOSS_REASONS } from '../../trace/trace.ts';
import { callee, type WalkedCase } from '../context.ts';
import { keyOf, nameOf, reg, slotOf, textOf, valueAt, type Place } from './place.ts';

/** What became of a place at one step, and where what it holds came from. */
export interface Origin {
  /** The step that changed the place. */
  readonly step: number;
  readonly place: Place;
  readonly why: string;
  /** What it was made from, as of the state before that step; none: it began here. */
  readonly from: readonly Place[];
  /** The change took something away, rather than giving it. */
  readonly loses: boolean;
}

/** How many changes back values are followed in all. */
const STEPS = 60;
/** How often a value that goes round in a loop is followed. */
const ROUNDS = 2;

/**
 * The changes that made what `places` hold before `step`, followed through copies, arithmetic, spills and fills, arguments and results,
 * and refinements by branches, to where the values began. Latest first for each place.
 */
export function dataSlice(c: WalkedCase, places: readonly Place[], step: number): Origin[] {
  const origins: Origin[] = [];
  const visits = new Map<number, number>();
  const queue = places.map((place) => ({ place, step }));
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined && origins.length < STEPS; next = queue.shift()) {
    const origin = originOf(c, next.place, next.step);
    if (origin === null) continue;
    const id = `${origin.step} ${keyOf(next.place)}`;
    if (seen.has(id)) continue;
    seen.add(id);
    const insn = c.trace.insnAt(origin.step);
    const rounds = (visits.get(insn) ?? 0) + 1;
    visits.set(insn, rounds);
    if (origin.why !== '' && rounds <= ROUNDS) origins.push(origin);
    if (rounds > ROUNDS + 2) continue;
    queue.push(...origin.from.map((place) => ({ place, step: origin.step })));
  }
  return origins;
}

/** The latest change of a place before `step`; `why` is empty for one that made no difference. */
function originOf(c: WalkedCase, place: Place, step: number): Origin | null {
  const { trace, program } = c;
  const { insns } = program;
  const changed = trace.lastChange(step, keyOf(place));
  const maker = changed < 0 ? -1 : trace.before(changed);
  if (maker < 0) return null;
  const mirror = trace.mirrorAt(maker);
  const depth = mirror.frames.length - 1;
  const after = valueAt(trace.mirrorAt(changed), place);
  const before = valueAt(mirror, place);
  const insn = trace.insnAt(maker);
  const code = insns.code[insn];
  const cls = code & 7;
  const name = callee(c, insn);
  const label = nameOf(place, trace.mirrorAt(changed).frames.length - 1);
  const text = `${label} = ${textOf(after, place.frame)}`;
  const was = textOf(before, place.frame);
  const made = (why: string, from: readonly Place[] = []): Origin => ({
    step: maker,
    place,
    why,
    from,
    loses: false,
  });
  const lost = (why: string): Origin => ({ step: maker, place, why, from: [place], loses: true });
  const same = before !== undefined && was === textOf(after, place.frame);

  const isCall = (code & 0xf7) === op.OP_CALL && cls === op.BPF_JMP;
  if (code === (op.BPF_JMP | op.BPF_EXIT)) {
    // back in the caller: the result is the callee's R0
    if (place.kind === 'reg' && place.no === 0 && place.frame < depth)
      return made(`${text}, returned by the function`, [reg(depth, 0)]);
    if (place.frame >= depth) return null;
  }
  if (isCall) {
    if (place.frame > depth) {
      // the callee's arguments are the caller's
      if (place.kind === 'slot' || place.no > 5 || place.no === 0) return null;
      if (insns.src[insn] === op.BPF_PSEUDO_CALL) return made('', [reg(depth, place.no)]);
      return made(`${text}, passed to the callback by ${name}`);
    }
    if (place.kind === 'reg') {
      if (trace.eventsOf(maker).some((event) => event.kind === EVENT_RELEASED) && place.no !== 0)
        return lost(`${name} releases what ${label} was: ${was}`);
      if (place.no === 0)
        return made(`${text}, the result of ${name === '' ? 'the call' : name}`, resultFrom(c, insn, depth));
      const reason = lossAt(c, maker, place);
      if (reason === 'pkt-data-change')
        return lost(`${name} may move the packet: ${label} was ${was}, and points nowhere any more`);
      if (isNotInit(after))
        return lost(
          `${label} is lost in the call of ${name === '' ? 'a function' : name}, which may use R1 to R5 as it likes: it was ${was}`,
        );
      return same ? made('', [place]) : made(text, [place]);
    }
    if (same) return made('', [place]);
    if (isBlank(after) && !isBlank(before))
      return lost(`${label} ends in the call of ${name}: it was ${was}`);
    return made(
      `${label} is written by ${name}: ${textOf(after, place.frame)}`,
      /_next$/.test(name) ? [place] : [],
    );
  }
  if (place.kind === 'slot') {
    const target = slotOf(c, mirror, insn, depth);
    if (target !== null && target.no === place.no && target.frame === place.frame && cls !== op.BPF_LDX) {
      const source = cls === op.BPF_STX ? [reg(depth, insns.src[insn])] : [];
      return made(
        cls === op.BPF_STX
          ? `R${insns.src[insn]} is stored in ${label}: ${textOf(after, place.frame)}`
          : `${label} = ${textOf(after, place.frame)}`,
        source,
      );
    }
    if (cls === op.BPF_STX || cls === op.BPF_ST) return lost(`${label} is overwritten: it was ${was}`);
    return isConditionalJump(code) && !same
      ? made(`${text} after this comparison`, [place])
      : made('', [place]);
  }
  if ((cls === op.BPF_ALU64 || cls === op.BPF_ALU) && insns.dst[insn] === place.no && place.frame === depth) {
    const isMove = (code & 0xf0) === op.BPF_MOV;
    const source = code & op.BPF_X && (code & 0xf0) !== op.BPF_END ? [reg(depth, insns.src[insn])] : [];
    if (isMove) return made(source.length === 0 ? text : `${text}, copied from R${insns.src[insn]}`, source);
    return made(`${printLlvm(insns, insn)} makes ${text}`, [...source, place]);
  }
  if (cls === op.BPF_LDX && insns.dst[insn] === place.no && place.frame === depth) {
    const target = slotOf(c, mirror, insn, depth);
    if (target !== null) return made(`${text}, loaded from ${nameOf(target, depth)}`, [target]);
    const base = mirror.frames[depth].regs[insns.src[insn]];
    const where = baseType(base.type) === PTR_TO_CTX ? 'the ctx' : regTypeStr(base.type).replace(/_$/, '');
    // what a pointer may be followed to depends on the pointer that it was loaded by
    return made(
      `${text}, loaded from ${where === 'scalar' ? 'memory' : where}`,
      isScalar(after) ? [] : [reg(depth, insns.src[insn])],
    );
  }
  if (cls === op.BPF_LD && insns.dst[insn] === place.no) return made(`${text}, a constant`);
  if (cls === op.BPF_LD)
    return isNotInit(after) && place.no <= 5
      ? lost(`${label} is lost in the packet load: it was ${was}`)
      : made(text);
  if (cls === op.BPF_STX && isPointer(before) && !isPointer(after))
    return lost(`${label} is lost, because what it leads to was overwritten: it was ${was}`);
  if (cls === op.BPF_STX)
    return made(place.no === insns.src[insn] || place.no === 0 ? `${text}, by the atomic operation` : '', [
      place,
    ]);
  if (isConditionalJump(code)) return made(same ? '' : `${text} after this comparison`, [place]);
  // what merely became unread or precise is no origin
  return isNotInit(after) || same ? made('', [place]) : made(text, [place]);
}

function isBlank(value: ReturnType<typeof valueAt>): boolean {
  return value === undefined || ('types' in value && value.types === 0);
}

function isNotInit(value: ReturnType<typeof valueAt>): boolean {
  return value !== undefined && !('types' in value) && value.type === NOT_INIT;
}

function isPointer(value: ReturnType<typeof valueAt>): boolean {
  return value !== undefined && !('types' in value) && value.type > 1;
}

function isScalar(value: ReturnType<typeof valueAt>): boolean {
  return value !== undefined && !('types' in value) && value.type === 1;
}

/** What the result of a call depends on: the packet pointer or object that was passed; lookups depend on their map. */
function resultFrom(c: WalkedCase, insn: number, depth: number): Place[] {
  const name = callee(c, insn);
  return /_cast$|^bpf_(skc_to|dynptr_(data|slice)|cast_to|rdonly_cast)/.test(name) ? [reg(depth, 1)] : [];
}

/** Why a step took a register's value away, as it was recorded. */
function lossAt(c: WalkedCase, step: number, place: Place): string {
  for (const event of c.trace.eventsOf(step)) {
    if (event.kind >= EVENT_LOST && event.data === keyOf(place) && event.kind - EVENT_LOST > 0)
      return LOSS_REASONS[event.kind - EVENT_LOST];
  }
  return '';
}
