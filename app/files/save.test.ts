import { describe, expect, it } from 'vitest';
import { fileName } from './save.ts';

describe('a file’s name', () => {
  it.each([
    ['Kfunc under a lock', 'kfunc-under-a-lock'],
    ['prog.bpf', 'prog'],
    ['../../etc/passwd', 'etc-passwd'],
    ['<img src=x>', 'img-src-x'],
    ['!!!', 'program'],
    ['größe', 'größe'],
  ])('%s', (title, name) => expect(fileName(title)).toBe(name));
});
