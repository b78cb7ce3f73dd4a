import { MAP_VALUE_FIELDS, parseFields, structMetas } from '../../btf/fields.ts';
import type { KernelTypes } from '../../btf/fields.ts';
import type { Btf } from '../../btf/btf.ts';
import { BTF_KIND_DATASEC, BTF_KIND_STRUCT } from '../../btf/btf.ts';
import { checkMapFields } from '../../btf/map-fields.ts';
import type { CUnit } from '../../btf/c/unit.ts';
import type { KernelModel } from '../../kernel/model.ts';
import { whyNotCreated } from '../map-create.ts';
import type { MapDef } from '../program.ts';
import { problemAt } from './problem.ts';
import type { Problem, SourceSpan } from './problem.ts';

/**
 * Tells what the kernel would refuse before it looks at any instruction: types (BTF_LOAD) and maps (BPF_MAP_CREATE) as
 * errors, and special fields that a map's values cannot have as warnings: the map then has none of them.
 */
export function checkTypes(btf: Btf, unit: CUnit, maps: readonly MapDef[], index: ReadonlyMap<string, number>, kernel: KernelModel, problems: Problem[]): void {
  const kernelTypes: KernelTypes = {
    find: (name, kind) => {
      const id = kernel.hasBtf ? kernel.btf().find(name, kind) : 0;
      return id === 0 ? null : { btf: kernel.btf(), id };
    },
    // Which kernel types have a destructor is not asked here; the engine does when it needs to know.
    dtor: () => 1,
  };
  const metas = structMetas(btf, kernelTypes);
  const first: SourceSpan = { line: 1, col: 1, endCol: 1 };
  if (!metas.ok) {
    const name = /^struct (\w+):/.exec(metas.what)?.[1];
    const span = (name === undefined ? undefined : unit.scope.structs.get(name)?.span) ?? first;
    problems.push(problemAt(span, 'error', 'text-types', `The kernel does not load these types: ${metas.what}.`));
    return;
  }
  const spans = new Map<string, SourceSpan>(unit.maps.map((m) => [m.name, m.span]));
  for (const s of unit.sections) spans.set(s.name, s.variables[0].span);
  for (const [name, i] of index) {
    const def = maps[i];
    const why = notCreated(maps, i);
    if (why !== null) {
      problems.push(problemAt(spans.get(name) ?? first, 'error', 'text-map', `The kernel does not create ${name}: ${why}.`));
      continue;
    }
    if (def.valueTypeId === 0) continue;
    const { kind } = btf.type(def.valueTypeId);
    if (kind !== BTF_KIND_STRUCT && kind !== BTF_KIND_DATASEC) continue;
    const fields = parseFields(btf, def.valueTypeId, MAP_VALUE_FIELDS, def.valueSize, kernelTypes, metas.records);
    const span = spans.get(name) ?? first;
    if (!fields.ok) {
      problems.push(problemAt(span, 'warning', 'text-map-fields', `The values of ${name} have no special fields: ${fields.what}.`));
      continue;
    }
    const refusal = fields.record === null ? null : checkMapFields(fields.record, def.type, def.flags, true);
    if (refusal !== null) problems.push(problemAt(span, 'warning', 'text-map-fields', `Map ${name} is not created with its types: ${refusal.what}.`));
  }
}

/** Why a map or what is inside of it is not created, null if it is. */
function notCreated(maps: readonly MapDef[], i: number): string | null {
  const { inner } = maps[i];
  const within = inner === null ? null : whyNotCreated(maps[inner]);
  return within === null ? whyNotCreated(maps[i]) : `of the maps inside, ${within}`;
}
