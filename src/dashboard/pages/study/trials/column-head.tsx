import { ActionIcon, Popover } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconFilter, IconFilterFilled } from '@tabler/icons-react';
import { useState } from 'react';
import type { ColumnFilter } from '../trials-search.ts';
import { ColumnFilterForm } from './column-filter-form.tsx';
import { ColumnGrip } from './column-grip.tsx';
import { cellClass } from './grid-row.tsx';
import type { TrialColumn } from './trial-columns.ts';
import classes from './trial-grid.module.css';

export interface ColumnHeadProps {
  readonly column: TrialColumn;
  readonly direction: 'ascending' | 'descending' | null;
  readonly filter: ColumnFilter | undefined;
  /** What devices or tags may be chosen. */
  readonly suggestions: readonly string[];
  onSort(): void;
  onFilter(filter: ColumnFilter | undefined): void;
  /** Undefined: as wide as at first. */
  onResize(width: number | undefined): void;
}

/** The head of a column: a click sorts, the funnel filters, the right edge makes it wider. */
export function ColumnHead(props: ColumnHeadProps) {
  const { column, direction, filter, suggestions, onSort, onFilter, onResize } = props;
  const [isOpen, setIsOpen] = useState(false);
  const Arrow = direction === 'descending' ? IconArrowDown : IconArrowUp;
  const FilterIcon = filter === undefined ? IconFilter : IconFilterFilled;
  return (
    <div
      className={`${cellClass(column)} ${classes.headCell}`}
      style={{ width: column.width }}
      role="columnheader"
      aria-sort={direction ?? undefined}
    >
      <button type="button" className={classes.label} title={`Sort by ${column.label}`} onClick={onSort}>
        {column.label}
      </button>
      {direction !== null && (
        <span className={classes.sort}>
          <Arrow size={13} stroke={2.2} />
        </span>
      )}
      <Popover
        opened={isOpen}
        onChange={setIsOpen}
        position="bottom-start"
        shadow="md"
        trapFocus
        returnFocus
        withinPortal
      >
        <Popover.Target>
          <ActionIcon
            size="xs"
            className={classes.filter}
            aria-label={`Filter by ${column.label}`}
            data-active={filter !== undefined || undefined}
            color={filter === undefined ? 'gray' : 'indigo'}
            onClick={() => setIsOpen((open) => !open)}
          >
            <FilterIcon size={12} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p="sm" aria-label={`Filter by ${column.label}`}>
          <ColumnFilterForm
            column={column}
            filter={filter}
            suggestions={suggestions}
            onApply={(next) => {
              onFilter(next);
              setIsOpen(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <ColumnGrip column={column} onResize={onResize} />
    </div>
  );
}
