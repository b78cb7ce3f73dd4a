/** Columns of a report's line. */
const WIDTH = 100;

/**
 * Breaks a text into lines of at most 100 columns at its spaces, `first` before the first line and `next` before the
 * others, each with its newline. Words that do not fit are cut; an empty text has no lines.
 */
export function wrap(text: string, first: string, next = first): string {
  let lines = '';
  let prefix = first;
  for (let at = 0; at < text.length; prefix = next) {
    const width = Math.max(WIDTH - prefix.length, 1);
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 ? text.length : newline;
    let end = Math.min(at + width, stop);
    if (end < stop && text[end] !== ' ') {
      const space = text.lastIndexOf(' ', end - 1);
      if (space > at) end = space;
    }
    lines += `${prefix}${text.slice(at, end)}\n`;
    at = end;
    while (text[at] === ' ') at++;
    if (text[at] === '\n') at++;
  }
  return lines;
}
