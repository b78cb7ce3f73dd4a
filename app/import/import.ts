import { isObject, openObject } from '../objects/open.ts';
import { linkOpen, stepThrough } from '../pasted/store.ts';
import type { Playground } from '../playground/playground.ts';

/** Larger files are not read: no program is that long. */
const LARGEST = 16 * 1024 * 1024;

/** Fewer lines than this are typed or pasted code, not a dump. */
const DUMP_LINES = 2;

/** What the worker calls a verifier's log. */
const LOG = 'a verifier log';

const list = (notes: readonly string[]): string => (notes.length === 0 ? '' : ` ${notes.join(' ')}`);

/** Offers to turn a pasted log or dump into a program. What was pasted stays as it is until the offer is taken. */
export async function offerConversion(playground: Playground, pasted: string): Promise<void> {
  if (pasted.trim().split('\n').length < DUMP_LINES) return;
  let converted;
  try {
    converted = await playground.ask((worker) => worker.convert(pasted));
  } catch {
    // Nothing to offer: the page says elsewhere that the verifier stopped.
    return;
  }
  if (converted === null) return;
  const { dialect, source, notes } = converted;
  playground.notify('info', `That looks like ${dialect}. Open it as a program?`, [
    {
      label: 'Open as a program',
      run: () => {
        playground.openText(source, `From ${dialect}`);
        if (notes.length > 0) playground.notify('info', notes.join(' '));
      },
    },
    ...(dialect === LOG
      ? [{ label: 'Step through the log', run: () => void stepThrough(playground, pasted) }]
      : []),
  ]);
}

/** Opens a file that was dropped or chosen, converting what needs it. */
export async function openFile(playground: Playground, file: File): Promise<void> {
  if (file.size > LARGEST) {
    playground.notify(
      'error',
      `${file.name} is too large to be a program (${Math.round(file.size / 1024 / 1024)} MB).`,
    );
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isObject(bytes)) return openObject(playground, file.name, bytes);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    playground.notify(
      'error',
      `${file.name} is not text. Drop a program, a compiled object (.bpf.o), a verifier log, a disassembly or a bundle (.jsonl).`,
    );
    return;
  }
  try {
    const converted = await playground.ask((worker) => worker.convert(text));
    if (converted === null) playground.openText(text, file.name);
    else {
      playground.openText(converted.source, file.name);
      if (converted.dialect === LOG) {
        await stepThrough(playground, text);
        linkOpen(playground);
      }
      playground.notify('info', `${file.name} was read as ${converted.dialect}.${list(converted.notes)}`);
    }
  } catch (reason) {
    playground.notify(
      'error',
      `${file.name} could not be read: ${reason instanceof Error ? reason.message : String(reason)}`,
    );
  }
}

/** Opens files dropped anywhere on the page; returns what ends that. */
export function acceptDrops(playground: Playground): () => void {
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  const over = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    document.documentElement.dataset['dropping'] = '';
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) delete document.documentElement.dataset['dropping'];
  };
  const drop = (event: DragEvent): void => {
    delete document.documentElement.dataset['dropping'];
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void openFile(playground, file);
  };
  // Before the editor, which would insert the file's name.
  const options = { capture: true };
  addEventListener('dragover', over, options);
  addEventListener('dragleave', leave, options);
  addEventListener('drop', drop, options);
  return () => {
    removeEventListener('dragover', over, options);
    removeEventListener('dragleave', leave, options);
    removeEventListener('drop', drop, options);
  };
}
