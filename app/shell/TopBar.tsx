import { useState } from 'react';
import { Reference } from '../reference/Reference.tsx';
import { currentTheme, toggleTheme } from '../theme/theme.ts';
import { Button } from '../ui/Button.tsx';
import { useLayout, usePlayground } from './context.ts';
import { ProgramMenu } from './ProgramMenu.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import { VerdictBar } from './VerdictBar.tsx';

async function shareLink(url: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(url);
    return true;
  } catch {
    return false;
  }
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <rect x="1" y="1" width="26" height="26" rx="7" />
      <path className="mark-path" d="M7 8h5c3 0 3 6 6 6h3M7 14h4M7 20h5c3 0 3-6 6-6" />
      <circle cx="21.5" cy="14" r="2.2" />
    </svg>
  );
}

/** Name, program, verdict, and what acts on the whole page. */
export function TopBar() {
  const playground = usePlayground();
  // Read for its changes: the theme in force depends on it and on the system.
  useLayout((state) => state.theme);
  const [keysOpen, setKeysOpen] = useState(false);
  const [referenceOpen, setReferenceOpen] = useState(false);
  const dark = currentTheme() === 'dark';
  const onShare = (): void => {
    const url = playground.share();
    void shareLink(url).then((copied) =>
      playground.notify(
        'info',
        copied
          ? 'A link to this program, its settings and this step is on the clipboard.'
          : 'The link is in the address bar; copy it from there.',
      ),
    );
  };
  return (
    <header className="topbar">
      <h1>
        <Mark />
        <span>BPF Verifier Playground</span>
      </h1>
      <ProgramMenu />
      <VerdictBar />
      <div className="topbar-actions">
        <Button icon="share" tone="strong" title="Copy a link to this program and step" onClick={onShare}>
          Share
        </Button>
        <Button icon="book" title="Reference" onClick={() => setReferenceOpen(true)} />
        <Button icon="keys" title="Keyboard" onClick={() => setKeysOpen(true)} />
        <Button
          icon={dark ? 'sun' : 'moon'}
          title={dark ? 'Light theme' : 'Dark theme'}
          onClick={toggleTheme}
        />
      </div>
      {referenceOpen && <Reference onClose={() => setReferenceOpen(false)} />}
      {keysOpen && <Shortcuts onClose={() => setKeysOpen(false)} />}
    </header>
  );
}
