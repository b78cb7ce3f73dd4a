import { createKernelModel, type Semantics } from '../../kernel/model.ts';
import { kernelTypes } from '../../testing/judge.testkit.ts';
import type { Realm } from './matrix.ts';
import { settingsOf } from './programs.ts';

/** The kernel's own kfuncs, under switches. */
export async function testRealm(...semantics: readonly Semantics[]): Promise<Realm> {
  const types = await kernelTypes(
    semantics.length === 0 || semantics.every((s) => s === 'kf-spin-lock-before') ? 'released' : 'series',
  );
  return {
    model: createKernelModel({ types, semantics }),
    settings: settingsOf(types),
    program: null,
    declarations: '',
    flagDirectives: [],
  };
}
