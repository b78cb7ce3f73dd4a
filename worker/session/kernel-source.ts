import { loadKernelTypes, type FetchBytes, type KernelBuild, type KernelTypes } from '../kernel/load.ts';

/** The kernel's types, fetched when a program first needs them and kept. */
export interface KernelSource {
  /** Loads a build's types. Rejects if they cannot be fetched; asking again tries again. */
  load(build: KernelBuild): Promise<KernelTypes>;
  /** What was loaded already, null if nothing was. */
  peek(build: KernelBuild): KernelTypes | null;
}

export function createKernelSource(fetchBytes: FetchBytes): KernelSource {
  const loaded = new Map<KernelBuild, KernelTypes>();
  const loading = new Map<KernelBuild, Promise<KernelTypes>>();
  return {
    peek: (build) => loaded.get(build) ?? null,
    load(build) {
      let promise = loading.get(build);
      if (promise === undefined) {
        promise = loadKernelTypes(fetchBytes, build).then(
          (types) => {
            loaded.set(build, types);
            return types;
          },
          (error: unknown) => {
            loading.delete(build);
            throw error;
          },
        );
        loading.set(build, promise);
      }
      return promise;
    },
  };
}

/** Switches whose kfuncs and types only the kernel with the proposals has. */
const SERIES: ReadonlySet<string> = new Set(['kf-forbid-fault', 'kf-spin-lock']);

/** Which build of the kernel a program under these switches is judged by. */
export function buildFor(semantics: readonly string[]): KernelBuild {
  return semantics.some((name) => SERIES.has(name)) ? 'series' : 'released';
}
