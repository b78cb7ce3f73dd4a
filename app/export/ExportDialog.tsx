import { useEffect, useRef } from 'react';
import type { ExportForm } from '../../worker/protocol/export.ts';
import { copyText, fileName, saveFile } from '../files/save.ts';
import type { Playground } from '../playground/playground.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';

interface Form {
  readonly title: string;
  readonly sentence: string;
  /** With its dot. */
  readonly ending: string;
  readonly text: (playground: Playground) => Promise<string | null>;
}

/** The run of the text as it stands, for forms that need a program. */
function currentRun(playground: Playground): number | null {
  const { latest, doc } = playground.store.getState();
  return latest !== null && latest.doc === doc && latest.result.verdict !== 'bad-input'
    ? latest.result.run
    : null;
}

const fromWorker =
  (form: ExportForm): Form['text'] =>
  async (playground) => {
    const run = currentRun(playground);
    return run === null ? null : playground.ask((worker) => worker.exportAs(run, form));
  };

async function wholeLog(playground: Playground, level: 1 | 2): Promise<string | null> {
  const run = currentRun(playground);
  if (run === null) return null;
  const { lines } = await playground.ask((worker) => worker.log(run, level, 0, Number.MAX_SAFE_INTEGER));
  return lines.map((line) => `${line.text}\n`).join('');
}

const FORMS: readonly Form[] = [
  {
    title: 'Program text',
    sentence: 'The whole program as it stands in the editor; opens here again.',
    ending: '.bpf',
    text: (playground) => Promise.resolve(playground.store.getState().doc.source),
  },
  {
    title: 'Assembly',
    sentence: 'Instructions alone, in LLVM’s syntax.',
    ending: '.s',
    text: fromWorker('llvm'),
  },
  {
    title: 'C macros',
    sentence: 'BPF_MOV64_IMM(…) and so on, for a struct bpf_insn array.',
    ending: '.h',
    text: fromWorker('macros'),
  },
  { title: 'Hex', sentence: 'One instruction a line.', ending: '.hex', text: fromWorker('hex') },
  { title: 'Hex dump', sentence: 'As xxd prints it.', ending: '.xxd', text: fromWorker('xxd') },
  {
    title: 'Bundle',
    sentence:
      'One line of JSON with instructions, maps, types and options: what a script can load into a kernel.',
    ending: '.jsonl',
    text: fromWorker('bundle'),
  },
  {
    title: 'Verifier log, level 1',
    sentence: 'The kernel’s text.',
    ending: '.level1.log',
    text: (playground) => wholeLog(playground, 1),
  },
  {
    title: 'Verifier log, level 2',
    sentence: 'The same with the state at every instruction.',
    ending: '.level2.log',
    text: (playground) => wholeLog(playground, 2),
  },
];

/** Takes the program, or what the verifier said of it, elsewhere. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const playground = usePlayground();
  const title = useApp((state) => state.title);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const take = (form: Form, use: (text: string) => Promise<void> | void): void => {
    form
      .text(playground)
      .then((text) =>
        text === null
          ? playground.notify(
              'warning',
              'The text is not a program as it stands; only the program text can be taken. Mend what the editor marks first.',
            )
          : use(text),
      )
      .catch((reason: unknown) =>
        playground.notify('error', `${form.title} could not be made: ${String(reason)}`),
      );
  };
  const onCopy = (form: Form) => async (text: string) => {
    if (await copyText(text)) playground.notify('info', `${form.title}: on the clipboard.`);
    else playground.notify('warning', 'The browser does not allow copying here; save the file instead.');
  };

  return (
    <dialog ref={dialog} className="export" aria-label="Export" onClose={onClose}>
      <div className="dialog-head">
        <h2>Export</h2>
        <Button icon="cross" title="Close" onClick={() => dialog.current?.close()} />
      </div>
      <ul>
        {FORMS.map((form) => (
          <li key={form.title}>
            <div>
              <strong>{form.title}</strong> <code>{form.ending}</code>
              <p className="faint">{form.sentence}</p>
            </div>
            <Button icon="copy" title={`Copy: ${form.title}`} onClick={() => take(form, onCopy(form))} />
            <Button
              icon="download"
              title={`Save: ${form.title}`}
              onClick={() => take(form, (text) => saveFile(text, fileName(title) + form.ending))}
            />
          </li>
        ))}
      </ul>
    </dialog>
  );
}
