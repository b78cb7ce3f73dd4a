import type { ReactNode, Ref } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './Icon.tsx';

interface Props {
  readonly icon?: IconName;
  /** Shown beside the icon. */
  readonly children?: ReactNode;
  /** Name for screen readers and tooltip; needed when there are no words to see. */
  readonly title?: string;
  /** Name for screen readers where the words say too little; begins with them. */
  readonly label?: string;
  readonly tone?: 'plain' | 'strong' | 'quiet';
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly onClick: () => void;
}

export function Button({
  icon,
  children,
  title,
  label,
  tone = 'quiet',
  pressed,
  disabled,
  ref,
  onClick,
}: Props) {
  return (
    <button
      ref={ref}
      type="button"
      className={`button ${tone}${children === undefined ? ' bare' : ''}`}
      title={title}
      aria-label={label ?? (children === undefined ? title : undefined)}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
