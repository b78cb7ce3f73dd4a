import { useStore } from 'zustand';
import { openDialog } from '../shell/dialogs.ts';
import { Button } from '../ui/Button.tsx';
import { openedObject } from './store.ts';

/** Leads back to the programs of the object that was opened, if it has several. */
export function ObjectButton({ close }: { readonly close: () => void }) {
  const object = useStore(openedObject, (state) => state.object);
  if (object === null || object.programs.length < 2) return null;
  return (
    <Button
      icon="file"
      tone="plain"
      onClick={() => {
        close();
        openDialog('object');
      }}
    >
      Programs of {object.fileName}
    </Button>
  );
}
