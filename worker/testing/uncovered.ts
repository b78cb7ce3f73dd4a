export const UNCOVERED: Readonly<Record<string, string>> = {};
