import { Link } from '@tanstack/react-router';
import { type MouseEvent, memo } from 'react';
import type { TrialRow } from '../../../operations/trials.ts';
import { TrialCell } from './trial-cell.tsx';
import type { TrialColumn } from './trial-columns.ts';
import classes from './trial-grid.module.css';

export interface GridRowProps {
  readonly index: number;
  /** Where it stands, in pixels from the top. */
  readonly start: number;
  /** Undefined while it is being read. */
  readonly trial: TrialRow | undefined;
  readonly columns: readonly TrialColumn[];
  readonly isActive: boolean;
  readonly isSelected: boolean;
  onClick(event: MouseEvent, index: number): void;
}

export const GridRow = memo(
  ({ index, start, trial, columns, isActive, isSelected, onClick }: GridRowProps) => (
    <div
      id={`trial-row-${index}`}
      className={classes.row}
      style={{ transform: `translateY(${start}px)` }}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-active={isActive || undefined}
      data-testid="trial-row"
      onClick={(event) => onClick(event, index)}
    >
      <div className={`${classes.cell} ${classes.pinned} ${classes.check}`} role="gridcell" data-check>
        <span className={classes.box} data-checked={isSelected || undefined} />
      </div>
      {columns.map((column) => (
        <div
          key={column.id}
          className={cellClass(column)}
          style={{ width: column.width }}
          role="gridcell"
          data-column={column.id}
        >
          {trial === undefined ? (
            <span className={classes.placeholder} />
          ) : column.id === 'number' ? (
            <Link to="/trials/$id" params={{ id: trial.id }} tabIndex={-1}>
              {trial.number}
            </Link>
          ) : (
            <TrialCell column={column} trial={trial} />
          )}
        </div>
      ))}
    </div>
  ),
);

export function cellClass({ id, isNumeric }: TrialColumn): string {
  return [classes.cell, isNumeric && classes.numeric, id === 'number' && `${classes.pinned} ${classes.first}`]
    .filter(Boolean)
    .join(' ');
}
