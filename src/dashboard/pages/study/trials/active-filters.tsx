import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { formatTime } from '../../../format/age.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatValue } from '../../../format/number.ts';
import { formatParam } from '../../../format/param.ts';
import type { ColumnFilter } from '../trials-search.ts';
import type { FilterKind, TrialColumn } from './trial-columns.ts';
import classes from './trials-tab.module.css';

export interface ActiveFiltersProps {
  readonly columns: readonly TrialColumn[];
  readonly filters: Readonly<Record<string, ColumnFilter>>;
  onRemove(id: string): void;
  onClear(): void;
}

/** What the list is filtered by, in words, each part with a button that takes it away. */
export function ActiveFilters({ columns, filters, onRemove, onClear }: ActiveFiltersProps) {
  const active = columns.filter(({ id }) => filters[id] !== undefined);
  if (active.length === 0) return null;
  return (
    <div className={classes.filters}>
      {active.map((column) => (
        <span key={column.id} className={classes.chip}>
          <b>{column.label}</b> {inWords(column.filter, filters[column.id]!)}
          <ActionIcon
            size={16}
            aria-label={`Do not filter by ${column.label}`}
            onClick={() => onRemove(column.id)}
          >
            <IconX size={11} />
          </ActionIcon>
        </span>
      ))}
      {active.length > 1 && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onClear}>
          Clear all
        </Button>
      )}
    </div>
  );
}

function inWords(kind: FilterKind, { min, max, any, text }: ColumnFilter): string {
  if (text !== undefined) return `contains “${text}”`;
  if (any !== undefined)
    return `is ${any.map((value) => formatParam(value)).join(kind === 'tags' ? ' and ' : ' or ')}`;
  const show = kind === 'duration' ? formatDuration : kind === 'time' ? formatTimeOf : formatValue;
  if (min === undefined) return `≤ ${show(max!)}`;
  return max === undefined ? `≥ ${show(min)}` : `${show(min)} to ${show(max)}`;
}

const formatTimeOf = (ms: number): string => formatTime(new Date(ms));
