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
  readonly content: Content;
}

type Make<T> = (playground: Playground) => Promise<T | null>;

/** How a form is made (null: the text is no program); what is not text can only be saved. */
type Content =
  | { readonly kind: 'text'; readonly make: Make<string> }
  | { readonly kind: 'binary'; readonly make: Make<Blob> };

const text = (make: Make<string>): Content => ({ kind: 'text', make });

/** The run of the text as it stands, for forms that need a program. */
function currentRun(playground: Playground): number | null {
  const { latest, doc } = playground.store.getState();
  return latest !== null && latest.doc === doc && latest.result.verdict !== 'bad-input'
    ? latest.result.run
    : null;
}

const fromWorker = (form: ExportForm): Content =>
  text(async (playground) => {
    const run = currentRun(playground);
    return run === null ? null : playground.ask((worker) => worker.exportAs(run, form));
  });

async function asObject(playground: Playground): Promise<Blob | null> {
  const run = currentRun(playground);
  const object = run === null ? null : await playground.ask((worker) => worker.exportObject(run));
  if (object === null) return null;
  if (!object.ok) throw new Error(object.message);
  if (object.notes.length > 0) playground.notify('warning', object.notes.join(' '));
  return new Blob([object.bytes as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' });
}

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
    content: text((playground) => Promise.resolve(playground.store.getState().doc.source)),
  },
  {
    title: 'Assembly',
    sentence: 'Instructions alone, in LLVM’s syntax.',
    ending: '.s',
    content: fromWorker('llvm'),
  },
  {
    title: 'C macros',
    sentence: 'BPF_MOV64_IMM(…) and so on, for a struct bpf_insn array.',
    ending: '.h',
    content: fromWorker('macros'),
  },
  { title: 'Hex', sentence: 'One instruction a line.', ending: '.hex', content: fromWorker('hex') },
  { title: 'Hex dump', sentence: 'As xxd prints it.', ending: '.xxd', content: fromWorker('xxd') },
  {
    title: 'Compiled object',
    sentence:
      'An ELF file with maps, types and source lines, as clang writes it: libbpf and bpftool load it.',
    ending: '.bpf.o',
    content: { kind: 'binary', make: asObject },
  },
  {
    title: 'Bundle',
    sentence:
      'One line of JSON with instructions, maps, types and options: what a script can load into a kernel.',
    ending: '.jsonl',
    content: fromWorker('bundle'),
  },
  {
    title: 'Verifier log, level 1',
    sentence: 'The kernel’s text.',
    ending: '.level1.log',
    content: text((playground) => wholeLog(playground, 1)),
  },
  {
    title: 'Verifier log, level 2',
    sentence: 'The same with the state at every instruction.',
    ending: '.level2.log',
    content: text((playground) => wholeLog(playground, 2)),
  },
];

/** Takes the program, or what the verifier said of it, elsewhere. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const playground = usePlayground();
  const title = useApp((state) => state.title);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const take = <T,>(
    { title: what }: Form,
    make: Make<T>,
    use: (content: T) => Promise<void> | void,
  ): void => {
    make(playground)
      .then((content) =>
        content === null
          ? playground.notify(
              'warning',
              'The text is not a program as it stands; only the program text can be taken. Mend what the editor marks first.',
            )
          : use(content),
      )
      .catch((reason: unknown) =>
        playground.notify(
          'error',
          `${what} could not be made: ${reason instanceof Error ? reason.message : String(reason)}`,
        ),
      );
  };
  const onCopy = (form: Form) => async (content: string) => {
    if (await copyText(content)) playground.notify('info', `${form.title}: on the clipboard.`);
    else playground.notify('warning', 'The browser does not allow copying here; save the file instead.');
  };

  return (
    <dialog ref={dialog} className="export" aria-label="Export" onClose={onClose}>
      <div className="dialog-head">
        <h2>Export</h2>
        <Button icon="cross" title="Close" onClick={() => dialog.current?.close()} />
      </div>
      <ul>
        {FORMS.map((form) => {
          const { content } = form;
          const save = (made: string | Blob): void => saveFile(made, fileName(title) + form.ending);
          return (
            <li key={form.title}>
              <div>
                <strong>{form.title}</strong> <code>{form.ending}</code>
                <p className="faint">{form.sentence}</p>
              </div>
              {content.kind === 'text' && (
                <Button
                  icon="copy"
                  title={`Copy: ${form.title}`}
                  onClick={() => take(form, content.make, onCopy(form))}
                />
              )}
              <Button
                icon="download"
                title={`Save: ${form.title}`}
                onClick={() => take<string | Blob>(form, content.make, save)}
              />
            </li>
          );
        })}
      </ul>
    </dialog>
  );
}
