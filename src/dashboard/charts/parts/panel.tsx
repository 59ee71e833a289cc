import { Button } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

export interface PanelProps {
  readonly title: string;
  /** Beside the title, dimmed: what the chart says in a few words. */
  readonly note?: ReactNode;
  readonly controls?: ReactNode;
  readonly children: ReactNode;
  /** Under the chart: what is left out, and how to use it. */
  readonly foot?: ReactNode;
  readonly className?: string | undefined;
}

/** A frame with a title around a chart or a small table. */
export function Panel({ title, note, controls, children, foot, className }: PanelProps) {
  const id = useId();
  return (
    <section className={`${classes.panel} ${className ?? ''}`} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id}>{title}</h2>
        {note && <span className={classes.note}>{note}</span>}
        {controls && <div className={classes.controls}>{controls}</div>}
      </div>
      <div className={classes.body}>{children}</div>
      {foot && <div className={classes.foot}>{foot}</div>}
    </section>
  );
}

/** Stands in a panel that has nothing to show yet, and says when it will. */
export function Nothing({ children, height }: { readonly children: ReactNode; readonly height?: number }) {
  return (
    <div className={classes.nothing} style={height === undefined ? undefined : { minHeight: height }}>
      {children}
    </div>
  );
}

export interface FailedProps {
  readonly error: Error;
  readonly height?: number;
  onRetry(): void;
}

/** Stands in a panel whose data did not come: why, and another try. */
export function Failed({ error, height, onRetry }: FailedProps) {
  return (
    <Nothing {...(height !== undefined && { height })}>
      <span role="alert">{error.message}</span>
      <Button className={classes.retry!} variant="default" onClick={onRetry}>
        Try again
      </Button>
    </Nothing>
  );
}
