import { expect, test } from 'vitest';
import '../engine/verify.ts';
import { request, testSession } from './session.testkit.ts';

test('a struct_ops member that is named is found: the kernel’s types are fetched for it', async () => {
  const text = '.prog struct_ops/x\n.attach struct tcp_congestion_ops.ssthresh\nr0 = 0\nexit\n';
  const result = await testSession().verify(request(text), () => undefined);
  expect(result).toMatchObject({ verdict: 'accepted', problems: [] });
});
