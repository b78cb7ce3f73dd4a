import { BTF_KIND_FUNC } from '../../btf/btf.ts';
import { formatFunc } from '../../btf/format.ts';
import type { KernelModel } from '../../kernel/model.ts';
import { createKernelModel, type Semantics } from '../../kernel/model.ts';
import type { Program } from '../../program/program.ts';
import type { KfuncView } from '../../protocol.ts';

/** Prototype of a kernel's (or module's) kfunc, empty if its types were not loaded. */
export function kfuncPrototype(model: KernelModel, name: string, module: string | null): string {
  if (!model.hasBtf) return '';
  const btf = module === null ? model.btf() : model.moduleBtf(module);
  const id = btf?.find(name, BTF_KIND_FUNC) ?? 0;
  return id === 0 ? '' : formatFunc(btf!, id);
}

/** The kfuncs that a program calls or names, each once, in order of first use. */
export function kfuncViews(program: Program, model: KernelModel, textFlags: ReadonlyMap<string, number>): KfuncView[] {
  const views = new Map<string, KfuncView>();
  const released = createKernelModel({ semantics: [...model.semantics] as Semantics[] });
  for (const [, ref] of [...program.refs].sort((a, b) => a[0] - b[0])) {
    if (ref.kind !== 'kfunc' || views.has(ref.name)) continue;
    const invented = program.invented.find((kfunc) => kfunc.name === ref.name);
    if (invented !== undefined) {
      const prototype = program.btf === null ? '' : formatFunc(program.btf, invented.typeId);
      views.set(ref.name, { name: ref.name, prototype, flags: invented.flags, kernelFlags: textFlags.get(ref.name) ?? invented.flags, invented: true });
      continue;
    }
    const kfunc = model.kfunc(ref.name, ref.module) ?? model.kfunc(ref.name, null);
    const kernel = released.kfunc(ref.name, ref.module) ?? released.kfunc(ref.name, null);
    views.set(ref.name, {
      name: ref.name,
      prototype: kfuncPrototype(model, ref.name, ref.module),
      flags: kfunc?.flags ?? 0,
      kernelFlags: textFlags.get(ref.name) ?? kernel?.flags ?? kfunc?.flags ?? 0,
      invented: false,
    });
  }
  return [...views.values()];
}
