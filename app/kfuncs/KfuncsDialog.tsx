import { useEffect, useRef } from 'react';
import { Button } from '../ui/Button.tsx';
import { KfuncsPane } from './KfuncsPane.tsx';

/** The table of kfuncs over the whole page. */
export function KfuncsDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="kfuncs-dialog" aria-label="Kfuncs" onClose={onClose}>
      <div className="kfuncs-dialog-head">
        <span>Which kfunc may be called where</span>
        <Button icon="cross" title="Close" onClick={() => dialog.current?.close()} />
      </div>
      <KfuncsPane large />
    </dialog>
  );
}
