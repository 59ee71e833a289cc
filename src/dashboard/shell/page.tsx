import { type ReactNode, useEffect } from 'react';
import classes from './page.module.css';

export interface PageProps {
  /** What the browser's tab is called. */
  readonly title: string;
  /** The head of the page; the title where absent. */
  readonly heading?: ReactNode;
  /** Buttons at the right of the heading. */
  readonly actions?: ReactNode;
  /** Tabs or filters under the heading, which stay in sight. */
  readonly bar?: ReactNode;
  readonly children: ReactNode;
}

/** A page of the dashboard: its title, a head that stays in sight, and its content. */
export function Page({ title, heading, actions, bar, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · trialgraph`;
  }, [title]);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.row}>
          {heading ?? <h1 className={classes.title}>{title}</h1>}
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        {bar}
      </header>
      <div className={classes.content}>{children}</div>
    </div>
  );
}
