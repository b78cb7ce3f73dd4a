import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { ExportDialog } from '../export/ExportDialog.tsx';
import { LessonsDialog } from '../lessons/LessonsDialog.tsx';
import { Palette } from '../palette/Palette.tsx';
import { Reference } from '../reference/Reference.tsx';
import { RulesDialog } from '../rules/RulesDialog.tsx';
import { closeDialog, dialogs } from './dialogs.ts';
import type { DialogId } from './dialogs.ts';
import { Shortcuts } from './Shortcuts.tsx';

const KfuncsDialog = lazy(async () => ({
  default: (await import('../kfuncs/KfuncsDialog.tsx')).KfuncsDialog,
}));

const ObjectDialog = lazy(async () => ({
  default: (await import('../objects/ObjectDialog.tsx')).ObjectDialog,
}));

const VIEWS: Readonly<Record<DialogId, (close: () => void) => ReactNode>> = {
  palette: (close) => <Palette onClose={close} />,
  keyboard: (close) => <Shortcuts onClose={close} />,
  kfuncs: (close) => (
    <Suspense>
      <KfuncsDialog onClose={close} />
    </Suspense>
  ),
  export: (close) => <ExportDialog onClose={close} />,
  lessons: (close) => <LessonsDialog onClose={close} />,
  object: (close) => (
    <Suspense>
      <ObjectDialog onClose={close} />
    </Suspense>
  ),
  reference: (close) => <Reference onClose={close} />,
};

/** The dialog that is open, if one is. */
export function Dialogs() {
  const open = useStore(dialogs, (state) => state.open);
  return (
    <>
      {open === null ? null : VIEWS[open](closeDialog)}
      <RulesDialog />
    </>
  );
}
