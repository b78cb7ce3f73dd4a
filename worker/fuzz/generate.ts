import * as op from '../isa/opcodes.ts';
import { createKernelModel, type KernelModel } from '../kernel/model.ts';
import type { KernelTypes } from '../kernel/load.ts';
import type { ProgTraits } from '../kernel/prog-traits.ts';
import * as uapi from '../kernel/uapi.ts';
import type { ActionTable } from './action.ts';
import { ARITHMETIC_ACTIONS } from './arithmetic-actions.ts';
import { block, useActions } from './block.ts';
import { CONTROL_ACTIONS } from './control-actions.ts';
import { ITERATOR_ACTIONS } from './iterator-actions.ts';
import { OBJECT_ACTIONS } from './object-actions.ts';
import { PACKET_ACTIONS } from './packet-actions.ts';
import { REGION_ACTIONS } from './region-actions.ts';
import { STACK_ACTIONS } from './stack-actions.ts';
import { VALUE_ACTIONS } from './value-actions.ts';
import type { Bundle } from './bundle.ts';
import { Emitter, Label } from './emitter.ts';
import { HELPER_ACTIONS } from './helper-actions.ts';
import { KFUNC_ACTIONS } from './kfunc-actions.ts';
import { hookArguments, hooks } from './hooks.ts';
import { assembleListing } from './listing.ts';
import type { Random } from './random.ts';
import { NONE, SCALAR, Scene, type Kind, type PendingFunction, type Setting } from './scene.ts';
import { KFUNC_SHAPES, PLAIN_SHAPES, type Shape } from './shapes.ts';
import { STRUCT_ACTIONS } from './struct-actions.ts';
import { world, type WorldMap } from './world.ts';

const DEFAULT_TRAITS: ProgTraits = {
  progType: 0,
  attachType: 0,
  sleepable: false,
  gpl: true,
  capBpf: true,
  capPerfmon: true,
  capSysAdmin: true,
  attachName: null,
  structOps: null,
  devBound: false,
};

const PLAIN_ACTIONS: ActionTable = [
  ...ARITHMETIC_ACTIONS,
  ...STACK_ACTIONS,
  ...VALUE_ACTIONS,
  ...PACKET_ACTIONS,
  ...CONTROL_ACTIONS,
  ...HELPER_ACTIONS,
];
const KERNEL_ACTIONS: ActionTable = [
  ...KFUNC_ACTIONS,
  ...REGION_ACTIONS,
  ...OBJECT_ACTIONS,
  ...ITERATOR_ACTIONS,
];

/**
 * Makes programs of a profile: the same from the same seed. `structs` reads the kernel's structs as well, which needs the
 * very types of the kernel that is asked.
 */
export function generator(profile: string, types: KernelTypes | null): (id: string, r: Random) => Bundle {
  const model = createKernelModel({ types, semantics: [], invented: [], kfuncFlags: new Map() });
  const structs = profile === 'structs';
  return (id, r) => {
    const withKfuncs = structs || profile === 'kfunc' || (profile === 'all' && r.chance(0.5));
    useActions([...PLAIN_ACTIONS, ...(withKfuncs ? KERNEL_ACTIONS : []), ...(structs ? STRUCT_ACTIONS : [])]);
    return program(id, r, model, withKfuncs, structs);
  };
}

function program(id: string, r: Random, model: KernelModel, kfuncs: boolean, structs: boolean): Bundle {
  const shapes = kfuncs ? KFUNC_SHAPES : PLAIN_SHAPES;
  const shape =
    structs && r.chance(0.7) ? hooks(r, model.btf()) : r.weighted(shapes.map((s) => [s.weight, s] as const));
  const privileged =
    kfuncs || shape.type !== uapi.BPF_PROG_TYPE_SOCKET_FILTER ? !r.chance(kfuncs ? 0 : 0.02) : r.chance(0.5);
  const sleepable = ((shape.flags ?? 0) & 16) !== 0;
  const traits: ProgTraits = {
    ...DEFAULT_TRAITS,
    progType: shape.type,
    attachType: shape.attachType ?? 0,
    capBpf: privileged,
    capPerfmon: privileged,
    capSysAdmin: privileged,
    sleepable,
    attachName: shape.structOps?.member ?? shape.attach?.name.replace(/^btf_trace_/, '') ?? null,
    structOps: shape.structOps ?? null,
  };
  const setting: Setting = { r, model, traits, privileged, kfuncs, structs };
  const e = new Emitter();
  const maps: WorldMap[] = [];
  const pending: PendingFunction[] = [];
  const funcs: (readonly [Label, string])[] = [];

  const mainLabel = new Label();
  e.place(mainLabel);
  funcs.push([mainLabel, 'main']);
  const main = new Scene(setting, e, maps, pending, 0);
  beginMain(main, shape);
  block(
    main,
    r.weighted([
      [3, 1],
      [4, 2],
      [4, 3],
      [3, 4],
      [2, 6],
      [1, 9],
    ]),
  );
  finish(main, shape.low ?? 0, shape.high ?? 0x7fffffff, 'scalar');
  for (let i = 0; i < pending.length; i++) {
    const f = pending[i];
    e.place(f.label);
    funcs.push([f.label, f.typeName]);
    const scene = new Scene(setting, e, maps, pending, f.depth);
    f.args.slice(0, 5).forEach((kind, at) => (scene.kinds[at + 1] = kind));
    if (r.chance(0.5))
      for (const at of [1, 2]) {
        if (f.args.length < at || f.args[at - 1].k === 'none') continue;
        scene.e.mov(5 + at, at);
        scene.kinds[5 + at] = f.args[at - 1];
      }
    for (let i = 5; i < f.args.length; i++) {
      const to = r.pick([0, 6, 7, 8, 9]);
      if (r.chance(0.7)) {
        e.load(8, to, op.BPF_REG_PARAMS, 8 * (i - 4));
        scene.kinds[to] = f.args[i];
      }
    }
    block(scene, r.between(0, 3));
    finish(scene, 0, f.returns === 'zero-one' || f.returns === 'less' ? 1 : 0x7fffffff, f.returns);
  }
  e.finish();

  const { base64, types } = world();
  const needsBtf =
    kfuncs ||
    maps.some((m) => m.valueType !== undefined) ||
    funcs.some(([, name]) => name.startsWith('global')) ||
    funcs.some(([, name]) => name === 'callback') ||
    r.chance(0.2);
  const withFuncs = (funcs.length > 1 && (needsBtf || r.chance(0.5))) || (kfuncs && r.chance(0.9));
  if (withFuncs)
    for (const [label, name] of funcs)
      if (label.line !== null && label.line !== 'end') label.line.func = types.get(name) ?? null;
  const flags =
    (shape.flags ?? 0) | (r.chance(0.15) ? 8 : 0) | (r.chance(0.05) ? 1 : 0) | (r.chance(0.03) ? 128 : 0);
  const bundle = {
    id,
    progType: shape.type,
    attachType: shape.attachType ?? 0,
    flags,
    name: 'fuzz',
    license: 'GPL',
    privileged,
    insns: '',
    ...(shape.attach === undefined ? {} : { attach: shape.attach }),
    maps: maps.map((m) => mapBundle(m, maps, types)),
    ...(needsBtf || withFuncs ? { btf: base64 } : {}),
  };
  return assembleListing({ bundle, lines: e.lines }, id);
}

function mapBundle(
  m: WorldMap,
  maps: readonly WorldMap[],
  types: ReadonlyMap<string, number>,
): Record<string, unknown> {
  return {
    name: m.name,
    type: m.type,
    keySize: m.keySize,
    valueSize: m.valueSize,
    maxEntries: m.maxEntries,
    flags: m.flags ?? 0,
    ...(m.valueType === undefined
      ? {}
      : { keyTypeId: types.get(m.keyType ?? 'int'), valueTypeId: types.get(m.valueType) }),
    ...(m.inner === undefined ? {} : { inner: maps.findIndex((other) => other.name === m.inner) }),
    ...(m.frozen === true ? { frozen: true } : {}),
    ...(m.data === undefined ? {} : { data: m.data }),
  };
}

/** Keeps the ctx, mostly in r6, and its objects. */
function beginMain(s: Scene, shape: Shape): void {
  const { r, e } = s;
  s.kinds[1] = { k: 'ctx' };
  if (r.chance(0.9)) {
    e.mov(6, 1);
    s.kinds[6] = { k: 'ctx' };
  }
  const args = shape.args ?? (shape.attach === undefined ? [] : hookArguments(s.setting.model.btf(), shape));
  for (const [at, [index, struct]] of args.slice(0, 3).entries()) {
    const reg = shape.args === undefined ? 7 + at : 7 + index;
    e.load(8, reg, 1, index * 8);
    const nullable = shape.attachType === uapi.BPF_TRACE_ITER && index > 0 && r.chance(0.9);
    s.kinds[reg] = { k: 'object', what: struct, nullable, owned: false, size: 0 };
  }
}

/** Leaves the regions, sets the result, exits. */
function finish(s: Scene, low: number, high: number, returns: PendingFunction['returns']): void {
  const { r, e } = s;
  for (const leave of s.regions.splice(0).reverse()) if (r.chance(0.95)) leave();
  if (returns !== 'void') {
    const from = s.find((kind: Kind) => kind.k === 'scalar', true);
    if (from !== null && r.chance(0.3)) {
      if (from !== 0) e.mov(0, from);
      if (high <= 1 || r.chance(0.2)) e.aluImm(op.BPF_AND, 0, 1);
    } else if (r.chance(0.985)) e.movImm(0, r.chance(0.6) ? 0 : r.between(low, Math.min(high, 3)));
    s.kinds[0] = SCALAR;
  }
  if (r.chance(0.002)) return;
  e.exit();
  s.kinds[0] = NONE;
}
