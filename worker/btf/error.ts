/** Bad type data: `where` names the place (`header`, `type 17`, …), `what` the defect. Never a verdict on a program. */
export class BtfError extends Error {
  override readonly name = 'BtfError';
  constructor(
    readonly where: string,
    readonly what: string,
  ) {
    super(`BTF ${where}: ${what}`);
  }
}
