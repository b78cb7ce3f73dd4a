import type { Bundle } from './bundle.ts';
import type { Random } from './random.ts';

export function generator(_profile: string): (id: string, r: Random) => Bundle {
  throw new Error('not yet');
}
