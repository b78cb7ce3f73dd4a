/** A valid access to the ctx: what a load yields and how wide the field is. */
export interface CtxAccess {
  /** Packed register type; SCALAR_VALUE for plain fields. */
  readonly regType: number;
  /** Width of the field in bytes if the access may be narrower than it (the kernel's ctx_field_size), else 0. */
  readonly fieldSize: number;
  /** Struct name when `regType` is a PTR_TO_BTF_ID, else null. */
  readonly btf: string | null;
  /** Is it the return value slot of the traced function or hook? */
  readonly isRetval: boolean;
  /** Is a narrow sign-extending load possible (the kernel's is_ldsx)? */
  readonly noLdsx: boolean;
}
