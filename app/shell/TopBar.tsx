import { useStore } from 'zustand';
import { present, togglePresentation } from '../present/present.ts';
import { ShareMenu } from '../share/ShareMenu.tsx';
import { currentTheme, toggleTheme } from '../theme/theme.ts';
import { Button } from '../ui/Button.tsx';
import { useLayout } from './context.ts';
import { openDialog } from './dialogs.ts';
import { ProgramMenu } from './ProgramMenu.tsx';
import { VerdictBar } from './VerdictBar.tsx';

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
  const presenting = useStore(present, (state) => state.on);
  // Read for its changes: the theme in force depends on it and on the system.
  useLayout((state) => state.theme);
  const dark = currentTheme() === 'dark';
  return (
    <header className="topbar">
      <h1>
        <Mark />
        <span>BPF Verifier Playground</span>
      </h1>
      <ProgramMenu />
      <VerdictBar />
      <div className="topbar-actions">
        <ShareMenu />
        {presenting && (
          <Button icon="screen" pressed title="Leave the presentation (Alt+Z)" onClick={togglePresentation} />
        )}
        <Button icon="find" title="Find an action or a program (F1)" onClick={() => openDialog('palette')} />
        <Button icon="lesson" title="Lessons" onClick={() => openDialog('lessons')} />
        <Button icon="book" title="Reference" onClick={() => openDialog('reference')} />
        <span className="topbar-keys">
          <Button icon="keys" title="Keyboard" onClick={() => openDialog('keyboard')} />
        </span>
        <Button
          icon={dark ? 'sun' : 'moon'}
          title={dark ? 'Light theme' : 'Dark theme'}
          onClick={toggleTheme}
        />
      </div>
    </header>
  );
}
