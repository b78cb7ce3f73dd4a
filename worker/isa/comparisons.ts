/** The comparison that holds where another, as instructions are written, does not. `&` has none. */
export const OPPOSITES: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '>': '<=',
  '<=': '>',
  '<': '>=',
  '>=': '<',
  's>': 's<=',
  's<=': 's>',
  's<': 's>=',
  's>=': 's<',
};
