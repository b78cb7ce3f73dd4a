import type { Reg } from '../../state/reg.ts';
import type { Slot } from '../../state/slot.ts';
import { INVALID_SLOT } from '../../state/slot.ts';
import { CHANGE_FRAME, CHANGE_REG, CHANGE_SLOT, CHANGE_STACK, keyFrame, keyKind, keyNo } from '../changes.ts';
import { IntColumn } from '../columns.ts';
import { Mirror, type MirrorFrame } from '../mirror.ts';
import { sameRegs, sameSlots } from '../same.ts';
import type { Path, Trace } from '../trace.ts';
import type { Scene, Watch } from './compile.ts';
import type { Place } from './condition.ts';

/** Analyses pause after so many steps. */
const PAUSE = 4096;

/** What a path continues from: values of the step at which it was put aside. */
interface Branching {
  readonly samples: readonly unknown[];
  /** By frame: its identity and what was in the watched places. */
  readonly frames: readonly { readonly id: number; readonly values: readonly (Reg | Slot)[] }[];
}

/**
 * Steps at which a watch matches, ascending. The walk is gone over once, by its changes alone; a step is compared with
 * the one before it on its path, which for the first step of a path is the one at which the path was put aside.
 * Yields how far it is, 0 to 1.
 */
export function* scan(trace: Trace, watch: Watch): Generator<number, Int32Array> {
  const found = new IntColumn();
  const { at, keys, values } = trace.changes;
  const { insns, paths } = trace;
  const mirror = new Mirror();
  const scene: Scene = {
    mirror,
    frame: null as unknown as MirrorFrame,
    step: 0,
    insn: 0,
    path: paths[0],
    visit: 0,
    changed: watch.places.map(() => false),
    now: new Array<unknown>(watch.samples).fill(undefined),
    before: new Array<unknown>(watch.samples).fill(undefined),
  };
  const places = new Places(watch.places);
  const branches = branchSteps(trace);
  const branchings = new Map<number, Branching>();
  const visits = watch.counts ? new Int32Array(trace.visits.length) : null;
  let nextPath = 0;
  for (let step = 0; step < insns.length; step++) {
    if ((step & (PAUSE - 1)) === PAUSE - 1) yield step / insns.length;
    let starts = false;
    while (nextPath < paths.length && paths[nextPath].start <= step) {
      // paths without steps share their start with the next one
      scene.path = paths[nextPath++];
      starts = true;
    }
    places.begin();
    for (let i = at[step]; i < at[step + 1]; i++) {
      if (places.any) places.note(mirror, keys[i]);
      mirror.apply(keys[i], values.at(i));
    }
    scene.frame = mirror.frames[mirror.frames.length - 1];
    scene.step = step;
    scene.insn = insns[step];
    if (visits !== null) scene.visit = ++visits[scene.insn];
    const branching = starts ? branchings.get(scene.path.parentStep) : undefined;
    if (starts) {
      scene.before = branching === undefined ? scene.before.map(() => undefined) : [...branching.samples];
      places.compareWith(branching ?? null, mirror, scene.changed);
    } else places.judge(mirror, scene.changed);
    if (watch.matches(scene)) found.push(step);
    if (branches[step] === 1) branchings.set(step, { samples: [...scene.now], frames: places.take(mirror) });
    const { before } = scene;
    scene.before = scene.now;
    scene.now = before;
  }
  return found.view().slice();
}

/** By step: 1 if a path was put aside there. */
function branchSteps({
  paths,
  length,
}: {
  readonly paths: readonly Path[];
  readonly length: number;
}): Uint8Array {
  const steps = new Uint8Array(length);
  for (const { parentStep } of paths) if (parentStep >= 0) steps[parentStep] = 1;
  return steps;
}

/** Watched registers and slots, and what a step did to them. */
class Places {
  readonly any: boolean;
  private readonly regMask: number;
  private readonly slots: ReadonlySet<number>;
  /** Frames entered in this step: nothing in them changed, it is new. */
  private readonly entered = new Set<number>();
  private readonly touched: { readonly key: number; readonly before: Reg | Slot }[] = [];

  constructor(private readonly list: readonly Place[]) {
    this.any = list.length > 0;
    this.regMask = list.reduce((mask, place) => (place.kind === 'reg' ? mask | (1 << place.no) : mask), 0);
    this.slots = new Set(list.flatMap((place) => (place.kind === 'slot' ? [place.no] : [])));
  }

  begin(): void {
    if (this.touched.length !== 0) this.touched.length = 0;
    if (this.entered.size !== 0) this.entered.clear();
  }

  /** A change is about to be made. */
  note(mirror: Mirror, key: number): void {
    const no = keyNo(key);
    switch (keyKind(key)) {
      case CHANGE_FRAME:
        this.entered.add(keyFrame(key));
        return;
      case CHANGE_REG:
        if ((this.regMask >> no) & 1)
          this.touched.push({ key, before: mirror.frames[keyFrame(key)].regs[no] });
        return;
      case CHANGE_SLOT:
        if (this.slots.has(no))
          this.touched.push({ key, before: mirror.frames[keyFrame(key)].stack[no] ?? INVALID_SLOT });
        return;
      case CHANGE_STACK: {
        const { stack } = mirror.frames[keyFrame(key)];
        for (const slot of this.slots)
          if (slot < stack.length && slot >= no)
            this.touched.push({ key: CHANGE_SLOT | (key & 0xf8) | (slot << 8), before: stack[slot] });
      }
    }
  }

  /** Which places the changes of the step before really changed, in the innermost frame. */
  judge(mirror: Mirror, changed: boolean[]): void {
    const frameno = mirror.frames.length - 1;
    for (let i = 0; i < changed.length; i++) changed[i] = false;
    for (const { key, before } of this.touched) {
      if (keyFrame(key) !== frameno || this.entered.has(frameno)) continue;
      const kind = keyKind(key) === CHANGE_REG ? 'reg' : 'slot';
      this.list.forEach((place, i) => {
        if (place.kind === kind && place.no === keyNo(key))
          changed[i] ||= !same(place, before, valueOf(place, mirror.frames[frameno]));
      });
    }
  }

  /** The same for the first step of a path, against the step at which it was put aside. */
  compareWith(branching: Branching | null, mirror: Mirror, changed: boolean[]): void {
    const frameno = mirror.frames.length - 1;
    const frame = mirror.frames[frameno];
    const before = branching?.frames[frameno];
    this.list.forEach((place, i) => {
      changed[i] =
        before !== undefined &&
        before.id === frame.facts.id &&
        !same(place, before.values[i], valueOf(place, frame));
    });
  }

  take(mirror: Mirror): Branching['frames'] {
    if (!this.any) return [];
    return mirror.frames.map((frame) => ({
      id: frame.facts.id,
      values: this.list.map((place) => valueOf(place, frame)),
    }));
  }
}

function valueOf(place: Place, frame: MirrorFrame): Reg | Slot {
  return place.kind === 'reg' ? frame.regs[place.no] : (frame.stack[place.no] ?? INVALID_SLOT);
}

function same(place: Place, a: Reg | Slot, b: Reg | Slot): boolean {
  return place.kind === 'reg' ? sameRegs(a as Reg, b as Reg) : sameSlots(a as Slot, b as Slot);
}
