/** An object file that cannot be read, linked or relocated: one sentence for the person who opened it. */
export class ObjectError extends Error {
  override readonly name = 'ObjectError';
}
