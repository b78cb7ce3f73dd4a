import type { Btf } from '../btf/btf.ts';
import { BtfError } from '../btf/error.ts';
import { parseBtf } from '../btf/parse.ts';
import { ObjectError } from './error.ts';

/** Reads an object's types. Throws {@link ObjectError} for those that contradict themselves. */
export function readBtf(bytes: Uint8Array): Btf {
  try {
    return parseBtf(bytes);
  } catch (error) {
    if (error instanceof BtfError)
      throw new ObjectError(`The object’s types (.BTF) are damaged: ${error.message}.`);
    throw error;
  }
}
