import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Panel } from '../../charts/parts/panel.tsx';
import { formatAge, formatTime } from '../../format/age.ts';
import { formatBytes } from '../../format/bytes.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatShare } from '../../format/number.ts';
import { useNow } from '../../live/use-now.ts';
import classes from './trial-page.module.css';
import type { ShownTrial } from './use-trial.ts';

/** When, where and how a trial ran. */
export function TrialFacts({ trial }: { readonly trial: ShownTrial }) {
  const now = useNow(trial.state === 'RUNNING' ? 1000 : 30_000);
  const { startedAt, finishedAt, memory } = trial;
  const end = finishedAt === null ? now : Date.parse(finishedAt);
  const facts: readonly (readonly [name: string, value: ReactNode])[] = [
    ['Queued', <Time key="queued" at={trial.queuedAt} now={now} />],
    ['Started', startedAt !== null && <Time at={startedAt} now={now} />],
    ['Ended', finishedAt !== null && <Time at={finishedAt} now={now} />],
    ['Duration', startedAt !== null && formatDuration(end - Date.parse(startedAt))],
    ['Device', trial.device],
    ['Backend', trial.backend],
    ['Worker', trial.worker !== null && <Id key="worker" id={trial.worker} />],
    ['Memory predicted', memory?.predictedBytes != null && formatBytes(memory.predictedBytes)],
    ['Memory at its peak', memory?.peakBytes != null && peak(memory.peakBytes, memory.predictedBytes)],
    ['Attempt', trial.attempt > 0 && attempts(trial)],
    ['Failures', trial.failures > 0 && String(trial.failures)],
    ['Starts again', trial.retryAt !== null && trial.state === 'QUEUED' && formatTime(trial.retryAt)],
    ['Times out', trial.timeoutAt !== null && trial.state === 'RUNNING' && formatTime(trial.timeoutAt)],
    [
      'Repeats',
      trial.retryOf !== null && (
        <Link to="/trials/$id" params={{ id: trial.retryOf.id }}>
          trial {trial.retryOf.number}
        </Link>
      ),
    ],
    ['Feasible', trial.feasible !== null && (trial.feasible ? 'yes' : 'no: it breaks a constraint')],
    ['Search space', !trial.insideSpace && 'outside of it as it is now'],
  ];
  return (
    <Panel title="Run">
      <dl className={`${classes.facts} numeric`}>
        {facts
          .filter(([, value]) => value !== null && value !== false)
          .map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Of a long name that nobody reads to its end, the beginning. */
function Id({ id }: { readonly id: string }) {
  return (
    <div className={classes.id} title={id}>
      {id}
    </div>
  );
}

function Time({ at, now }: { readonly at: string; readonly now: number }) {
  return (
    <Tooltip label={formatTime(at)}>
      <span>{formatAge(at, now)}</span>
    </Tooltip>
  );
}

function peak(bytes: number, predicted: number | null): string {
  const share = predicted !== null && predicted > 0 ? ` (${formatShare(bytes / predicted)} of it)` : '';
  return `${formatBytes(bytes)}${share}`;
}

function attempts({ attempt, promotions }: ShownTrial): string {
  if (promotions === 0) return String(attempt);
  return `${attempt} (resumed ${promotions} ${promotions === 1 ? 'time' : 'times'})`;
}
