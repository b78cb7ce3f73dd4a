import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';

interface Props {
  readonly label: ReactNode;
  readonly className?: string;
  readonly title: string;
  /** `close` ends it; the focus goes back to the button. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a panel under it; Escape or a click elsewhere closes it. */
export function Popover({ label, className, title, children }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  const close = (): void => setOpen(false);

  useEffect(() => {
    if (!open) return;
    const opener = button.current;
    root.current?.querySelector<HTMLElement>('.popover button, .popover input, .popover a')?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      // The focus went down with the panel: back to the button.
      if (document.activeElement === document.body) opener?.focus();
    };
  }, [open]);

  return (
    <div
      ref={root}
      className="popover-root"
      onKeyDown={(event) => {
        if (!open) return;
        if (event.key === 'Escape') {
          event.stopPropagation();
          close();
        }
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        const items = [...(root.current?.querySelectorAll<HTMLElement>('.popover button, .popover a') ?? [])];
        const at = items.indexOf(document.activeElement as HTMLElement);
        items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className={className}
        aria-expanded={open}
        aria-controls={id}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open && (
        <div id={id} className="popover" role="dialog" aria-label={title}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
