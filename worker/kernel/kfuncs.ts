/** A kfunc as the engine sees it: flags after overlays, family bits, where it lives. */
export interface Kfunc {
  readonly name: string;
  /** Null: the kernel's own; a module's name; `''` never occurs. */
  readonly module: string | null;
  /** KF_* after semantics overlay and the program's own overrides. */
  readonly flags: number;
  /** FAMILY_* bits. */
  readonly families: number;
  /** Registration sets, names as in the source. Empty: declared by the program's text. */
  readonly sets: readonly string[];
  /** Number of a kfunc that the verifier knows by name (`KF_bpf_…` in generated/special-kfuncs.ts), 0 for none. */
  readonly special: number;
  /** BTF id of its FUNC in the program's BTF for invented kfuncs, else 0. */
  readonly inventedTypeId: number;
}
