/**
 * Which id of an explored state stands for which id of the current one, during one comparison (kernel: struct
 * bpf_idmap). A key is `id * 4 + link`: an id derived by a constant is another key than its base.
 */
const CAPACITY = 1312;
const olds = new Int32Array(CAPACITY);
const curs = new Int32Array(CAPACITY);
let count = 0;
let temporary = 0;

/** Starts a comparison; `idGen`: the last id given out. */
export function resetIdMap(idGen: number): void {
  count = 0;
  temporary = idGen;
}

/** May `oldKey` stand for `curKey`? Remembers that it does. */
export function checkIds(oldKey: number, curKey: number): boolean {
  if (oldKey === 0 || curKey === 0) return oldKey === curKey;
  for (let i = 0; i < count; i++) {
    if (olds[i] === oldKey) return curs[i] === curKey;
    if (curs[i] === curKey) return false;
  }
  if (count === CAPACITY) return false;
  olds[count] = oldKey;
  curs[count] = curKey;
  count++;
  return true;
}

/**
 * The same for scalars: an explored scalar without id was not linked to anything, so any will do; a current one
 * without id is linked to nothing else.
 */
export function checkScalarIds(oldKey: number, curKey: number): boolean {
  if (oldKey === 0) return true;
  const cur = curKey !== 0 ? curKey : ++temporary * 4;
  if (!checkIds(oldKey, cur)) return false;
  return (oldKey & 3) === 0 || checkIds(oldKey & ~3, cur & ~3);
}
