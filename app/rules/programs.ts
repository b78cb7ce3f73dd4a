/** A program that breaks a rule, and the accepted one beside it; or why there is none. */
export interface RulePrograms {
  readonly failing: string | null;
  readonly fixed: string | null;
  readonly noProgram?: string;
  readonly unasked?: string;
}

let fetched: Promise<Readonly<Record<string, RulePrograms>>> | null = null;

/** Programs for a rule that has no page of its own; null if there are none, or if they cannot be had. */
export async function programsOf(rule: string): Promise<RulePrograms | null> {
  fetched ??= fetch(`${import.meta.env.BASE_URL}rules/programs.json`).then((response) =>
    response.ok ? (response.json() as Promise<Record<string, RulePrograms>>) : {},
  );
  try {
    return (await fetched)[rule] ?? null;
  } catch {
    // without a network: asked again for the next rule
    fetched = null;
    return null;
  }
}
