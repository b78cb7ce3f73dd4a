/** Pointer fields of kernel structs whose loads keep trust: struct name → field names. */
export interface SafeFields {
  /** Trusted within an RCU section. */
  readonly rcu: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same, possibly NULL. */
  readonly rcuOrNull: ReadonlyMap<string, ReadonlySet<string>>;
  /** Trusted whenever the struct is. */
  readonly trusted: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same, possibly NULL. */
  readonly trustedOrNull: ReadonlyMap<string, ReadonlySet<string>>;
}
