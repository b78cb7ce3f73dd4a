import { useEffect, useRef } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './Icon.tsx';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly icon?: IconName;
  /** Something to notice, e.g. how many flags are changed. */
  readonly badge?: string;
}

interface Props<Id extends string> {
  readonly label: string;
  readonly className: string;
  readonly tabs: readonly Tab<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
  /** Id of the panel that a tab controls. */
  readonly panelId: (id: Id) => string;
}

/** A row of tabs; arrow keys move between them. */
export function Tabs<Id extends string>({ label, className, tabs, selected, onSelect, panelId }: Props<Id>) {
  const row = useRef<HTMLDivElement>(null);
  const go = (delta: number): void => {
    const at = tabs.findIndex((tab) => tab.id === selected);
    const next = (at + delta + tabs.length) % tabs.length;
    onSelect(tabs[next]!.id);
    row.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  // Many tabs scroll: the one that is shown is in sight.
  useEffect(() => {
    row.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected]);
  return (
    <div
      ref={row}
      role="tablist"
      aria-label={label}
      className={className}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        go(event.key === 'ArrowRight' ? 1 : -1);
      }}
    >
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`tab-${className}-${tab.id}`}
          aria-selected={tab.id === selected}
          aria-controls={tab.id === selected ? panelId(tab.id) : undefined}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.icon !== undefined && <Icon name={tab.icon} />}
          <span>{tab.title}</span>
          {tab.badge !== undefined && <span className="badge">{tab.badge}</span>}
        </button>
      ))}
    </div>
  );
}
