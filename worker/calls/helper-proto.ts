import { callRules as R } from './rules.ts';
import type { HelperProto } from '../kernel/helpers.ts';
import type { Env } from '../state/env.ts';
import { reportPolicy } from './reports.ts';

/** The prototype that this program gets, or a rejection. */
export function helperProto(env: Env, pc: number, id: number): HelperProto {
  const { model } = env;
  const name = model.helperName(id);
  const operation = `helper ${name}#${id}`;
  switch (model.helperRefusal(id, env.traits)) {
    case 'unknown-id':
      return env.fail(R.invalidHelper, [name, id]);
    case 'not-for-this-program':
      return env.fail(
        R.helperNotForProgram,
        [name, id],
        reportPolicy(
          pc,
          operation,
          'this program type does not allow the helper',
          'Use a helper allowed for this program type, or move the logic to a compatible program type.',
        ),
      );
    case 'gpl-only':
      return env.fail(
        R.gplOnly,
        [],
        reportPolicy(
          pc,
          operation,
          'this helper is restricted to GPL-compatible programs',
          'Use a GPL-compatible license, or replace the helper with one that is available to non-GPL programs.',
        ),
      );
    case 'not-allowed':
      return env.fail(
        R.notAllowedInProbe,
        [],
        reportPolicy(
          pc,
          operation,
          'the helper-specific policy callback rejected this program',
          'Use the helper only from an allowed attach point or program configuration.',
        ),
      );
    case null:
      return model.helper(id, env.traits)!;
  }
}
