import { copyText, fileName, saveFile } from '../files/save.ts';
import type { Playground } from '../playground/playground.ts';
import { caption, embedCode, markdownLink } from '../share/caption.ts';

function give(playground: Playground, text: string, what: string): void {
  void copyText(text).then((copied) =>
    playground.notify(
      'info',
      copied ? `${what} is on the clipboard.` : 'The link is in the address bar; copy it from there.',
    ),
  );
}

function captionOf(playground: Playground): string {
  const { title, latest, about, step, run } = playground.store.getState();
  const selected = playground.chosenStep();
  const insn = run?.result.insns.find((row) => row.index === step?.insn)?.kernel ?? '';
  return caption({
    title,
    result: latest?.result ?? null,
    kernel: about?.kernel ?? null,
    step: selected === null ? null : { step: selected, insn },
  });
}

/** Puts a link to the program, its settings and the selected step into the address bar and onto the clipboard. */
export function shareProgram(playground: Playground): void {
  give(playground, playground.share(), 'A link to this program, its settings and this step');
}

/** The same link as Markdown, with a caption. */
export function shareAsMarkdown(playground: Playground): void {
  give(playground, markdownLink(captionOf(playground), playground.share()), 'The link with its caption');
}

/** HTML for an article. */
export function shareEmbed(playground: Playground): void {
  give(playground, embedCode(captionOf(playground), playground.share()), 'The HTML of the card');
}

/** Hands the program text to the person as a file. */
export function saveProgram({ store }: Playground): void {
  const { doc, title } = store.getState();
  saveFile(doc.source, `${fileName(title)}.bpf`);
}
