import { copyText, fileName, saveFile } from '../files/save.ts';
import type { Playground } from '../playground/playground.ts';

/** Puts a link to the program, its settings and the selected step into the address bar and onto the clipboard. */
export function shareProgram(playground: Playground): void {
  const url = playground.share();
  void copyText(url).then((copied) =>
    playground.notify(
      'info',
      copied
        ? 'A link to this program, its settings and this step is on the clipboard.'
        : 'The link is in the address bar; copy it from there.',
    ),
  );
}

/** Hands the program text to the person as a file. */
export function saveProgram({ store }: Playground): void {
  const { doc, title } = store.getState();
  saveFile(doc.source, `${fileName(title)}.bpf`);
}
