import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { TrialColumn } from './trial-columns.ts';
import classes from './trial-grid.module.css';

const narrowest = 56;
const widest = 640;
const keyStep = 16;

export interface ColumnGripProps {
  readonly column: TrialColumn;
  /** Undefined: as wide as at first. */
  onResize(width: number | undefined): void;
}

/** The right edge of a column's head, which makes it wider or narrower: by dragging or the arrows; a double click undoes it. */
export function ColumnGrip({ column: { label, width }, onResize }: ColumnGripProps) {
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const resize = (to: number) => onResize(Math.round(Math.max(narrowest, Math.min(widest, to))));
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current !== null) resize(start.current.width + event.clientX - start.current.x);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') resize(width - keyStep);
    else if (event.key === 'ArrowRight') resize(width + keyStep);
    else if (event.key === 'Home') onResize(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className={classes.grip}
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        start.current = null;
      }}
      onDoubleClick={() => onResize(undefined)}
      onKeyDown={onKeyDown}
    />
  );
}
