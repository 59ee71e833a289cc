import { Tooltip } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { formatAge, formatTime } from '../../../format/age.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatParam } from '../../../format/param.ts';
import { useNow } from '../../../live/use-now.ts';
import type { TrialRow } from '../../../operations/trials.ts';
import { durationMs } from '../../../parts/trial-duration.ts';
import { TrialStateMark } from '../../../parts/trial-state-mark.tsx';
import type { TrialColumn } from './trial-columns.ts';
import classes from './trial-grid.module.css';

/** What a column shows of a trial. */
export const TrialCell = memo(
  ({ column, trial }: { readonly column: TrialColumn; readonly trial: TrialRow }) => (
    <>{content(column, trial)}</>
  ),
);

function content(column: TrialColumn, trial: TrialRow): ReactNode {
  switch (column.id) {
    case 'state':
      return (
        <span className={classes.text} title={trial.error ?? trial.pruneReason ?? undefined}>
          <TrialStateMark state={trial.state} />
        </span>
      );
    case 'duration':
      return trial.state === 'RUNNING' ? <RunningTime trial={trial} /> : formatDuration(durationMs(trial));
    case 'started':
      return <StartTime at={trial.startedAt} />;
    case 'tags':
      return (
        <span className={classes.tags}>
          {trial.tags.map((tag) => (
            <span key={tag} className={classes.tag}>
              {tag}
            </span>
          ))}
        </span>
      );
    case 'notes':
      return (
        <span className={classes.text} title={trial.notes ?? undefined}>
          {trial.notes}
        </span>
      );
  }
  const value = column.value(trial);
  const isSet = column.group === 'Parameters' && Object.hasOwn(trial.params, column.label);
  if (typeof value === 'number') {
    const mark = column.group === 'Values' && trial.feasible === false;
    return (
      <span title={String(value)} className={mark ? classes.infeasible : undefined}>
        {formatParam(value)}
      </span>
    );
  }
  if (value === null && !isSet) return <span className={classes.missing}>–</span>;
  return (
    <span className={classes.text} title={String(value)}>
      {formatParam(value)}
    </span>
  );
}

function RunningTime({ trial }: { readonly trial: TrialRow }) {
  const now = useNow(1000);
  return <>{formatDuration(durationMs(trial, now))}</>;
}

function StartTime({ at }: { readonly at: string | null }) {
  const now = useNow(30_000);
  if (at === null) return <span className={classes.missing}>–</span>;
  return (
    <Tooltip label={formatTime(at)}>
      <span>{formatAge(at, now)}</span>
    </Tooltip>
  );
}
