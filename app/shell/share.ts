import type { Playground } from '../playground/playground.ts';

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Puts a link to the program, its settings and the selected step into the address bar and onto the clipboard. */
export function shareProgram(playground: Playground): void {
  const url = playground.share();
  void copy(url).then((copied) =>
    playground.notify(
      'info',
      copied
        ? 'A link to this program, its settings and this step is on the clipboard.'
        : 'The link is in the address bar; copy it from there.',
    ),
  );
}
