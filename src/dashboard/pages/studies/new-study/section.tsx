import type { ReactNode } from 'react';
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
        {actions}
      </header>
      {children}
    </section>
  );
}

/** Fields side by side, as many as there is room for. */
export function Fields({ children }: { readonly children: ReactNode }) {
  return <div className={classes.fields}>{children}</div>;
}
