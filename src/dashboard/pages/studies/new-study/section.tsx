import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import classes from './section.module.css';

export interface SectionProps {
  readonly title: string;
  readonly hint?: string;
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a form under a title. */
export function Section({ title, hint, actions, children }: SectionProps) {
  return (
    <section className={classes.section}>
      <header>
        <h2>{title}</h2>
        {hint && <span className={classes.hint}>{hint}</span>}
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </section>
  );
}

export interface ClosableSectionProps extends Omit<SectionProps, 'actions'> {
  readonly isOpen: boolean;
  onOpen(isOpen: boolean): void;
}

/** One whose title opens and closes it. */
export function ClosableSection({ title, hint, isOpen, onOpen, children }: ClosableSectionProps) {
  const id = useId();
  return (
    <section className={classes.section}>
      <header>
        <h2>
          <button
            type="button"
            className={classes.opener}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => onOpen(!isOpen)}
          >
            <IconChevronRight size={14} aria-hidden />
            {title}
          </button>
        </h2>
        {hint && <span className={classes.hint}>{hint}</span>}
      </header>
      <div id={id} hidden={!isOpen}>
        {children}
      </div>
    </section>
  );
}

export interface FieldsProps {
  /** Names a group of fields that belong together. */
  readonly label?: string;
  /** Whether there is room for a line of help under each. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** Fields side by side, as many as there is room for: their labels, inputs and lines beneath stand in rows. */
export function Fields({ label, isWide = false, children }: FieldsProps) {
  return (
    <div
      className={classes.fields}
      data-wide={isWide || undefined}
      {...(label !== undefined && { role: 'group', 'aria-label': label })}
    >
      {children}
    </div>
  );
}
