import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { Button } from '../ui/Button.tsx';
import { closeRules, ruleDialog } from './rule-dialog.ts';
import { RuleIndex } from './RuleIndex.tsx';

/** The index of rules over the whole page, as long as it is open; see `showRules`. */
export function RulesDialog() {
  const open = useStore(ruleDialog, (state) => state.open);
  return open ? <OpenDialog /> : null;
}

function OpenDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useStore(ruleDialog, (state) => state.id);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="rules-dialog" aria-label="Rules" onClose={closeRules}>
      <div className="dialog-head">
        <h2>What the verifier insists on</h2>
        <Button icon="cross" title="Close" onClick={() => dialog.current?.close()} />
      </div>
      <RuleIndex initial={id} onOpen={() => dialog.current?.close()} />
    </dialog>
  );
}
