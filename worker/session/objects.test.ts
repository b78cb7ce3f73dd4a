import { expect, test } from 'vitest';
import { fixture } from '../object/object.testkit.ts';
import type { ObjectVerdict } from '../protocol/objects.ts';
import { request, testSession } from './session.testkit.ts';

const quiet = (): void => undefined;

test('an object’s programs are listed, and each becomes a text that is verified', async () => {
  const session = testSession();
  const bytes = fixture('rejected');
  expect(await session.objectPrograms(bytes, 'rejected.bpf.o')).toEqual({
    ok: true,
    programs: [
      { name: 'forgets', section: 'tc', insns: 9 },
      { name: 'checks', section: 'tc', insns: 11 },
    ],
  });
  const text = await session.objectText(bytes, 'rejected.bpf.o', 'forgets');
  if (!text.ok) throw new Error(text.message);
  expect(await session.verify(request(text.source), quiet)).toMatchObject({ verdict: 'rejected', errno: 13 });
});

test('what cannot be read is answered with a sentence', async () => {
  const session = testSession();
  expect(await session.objectPrograms(new Uint8Array(100), 'x.o')).toMatchObject({ ok: false });
  expect(await session.objectText(fixture('count'), 'count.bpf.o', 'nobody')).toEqual({
    ok: false,
    message: 'The object has no program nobody.',
  });
});

test('all programs are judged, until nobody listens', async () => {
  const session = testSession();
  const told: ObjectVerdict[] = [];
  const listen = (until: number) => (verdict: ObjectVerdict) => told.push(verdict) < until;
  await session.objectVerdicts(fixture('rejected'), 'rejected.bpf.o', listen(9));
  expect(told).toEqual([
    { program: 'forgets', verdict: 'rejected', message: "R0 invalid mem access 'map_value_or_null'" },
    { program: 'checks', verdict: 'accepted', message: '' },
  ]);
  told.length = 0;
  await session.objectVerdicts(fixture('loaders'), 'loaders.bpf.o', listen(1));
  expect(told.map((v) => v.program)).toEqual(['guard']);
});

test('a run’s program is exported as an object', async () => {
  const session = testSession();
  const text = await session.objectText(fixture('count'), 'count.bpf.o', 'count');
  if (!text.ok) throw new Error(text.message);
  const result = await session.verify(request(text.source), quiet);
  const object = await session.exportObject(result!.run);
  if (object === null || !object.ok) throw new Error('no object');
  expect(await session.objectPrograms(object.bytes, 'again.bpf.o')).toMatchObject({
    programs: [{ name: 'count', section: 'xdp' }],
  });
});
