import type { Playground } from '../playground/playground.ts';
import { closeDialog, openDialog } from '../shell/dialogs.ts';
import { openedObject } from './store.ts';
import type { OpenedObject } from './store.ts';

const ELF = [0x7f, 0x45, 0x4c, 0x46];

/** Is it a compiled object? */
export function isObject(bytes: Uint8Array): boolean {
  return ELF.every((byte, i) => bytes[i] === byte);
}

/** Opens a compiled object: its program, or, if it has several, the list to choose from. */
export async function openObject(playground: Playground, fileName: string, bytes: Uint8Array): Promise<void> {
  try {
    const contents = await playground.ask((worker) => worker.objectPrograms(bytes, fileName));
    if (!contents.ok) {
      playground.notify('error', `${fileName}: ${contents.message}`);
      return;
    }
    const object: OpenedObject = { fileName, bytes, programs: contents.programs };
    openedObject.setState({ object });
    if (object.programs.length > 1) {
      openDialog('object');
      return;
    }
    closeDialog();
    await openProgram(playground, object, object.programs[0].name);
  } catch (reason) {
    failed(playground, fileName, reason);
  }
}

/** Opens one program of an object as program text. */
export async function openProgram(
  playground: Playground,
  object: OpenedObject,
  program: string,
): Promise<void> {
  const { fileName, bytes } = object;
  try {
    const text = await playground.ask((worker) => worker.objectText(bytes, fileName, program));
    if (!text.ok) {
      playground.notify('error', `${program} of ${fileName}: ${text.message}`);
      return;
    }
    playground.openText(text.source, `${program} – ${fileName}`);
    const { length } = text.notes;
    if (length > 0)
      playground.notify(
        'warning',
        `${program}: ${text.notes[0]}${length === 1 ? '' : ` The head of the text says more (${length} remarks).`}`,
      );
  } catch (reason) {
    failed(playground, fileName, reason);
  }
}

function failed(playground: Playground, fileName: string, reason: unknown): void {
  playground.notify(
    'error',
    `${fileName} could not be read: ${reason instanceof Error ? reason.message : String(reason)}`,
  );
}
