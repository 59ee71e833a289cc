import { Link } from '@tanstack/react-router';
import { formatBytes } from '../../format/bytes.ts';
import { formatDuration } from '../../format/duration.ts';
import { useNow } from '../../live/use-now.ts';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { useProgress } from '../trial/use-trial.ts';
import classes from './devices.module.css';
import type { PlacedTrial } from './use-running-trials.ts';

/** So many show how far they are; each of these is a stream. */
const maxFollowed = 24;

export interface RunningTrialsProps {
  readonly trials: readonly PlacedTrial[];
  /** Said where there are none. */
  readonly nothing: string;
}

/** Trials that run, with how far each is. */
export function RunningTrials({ trials, nothing }: RunningTrialsProps) {
  if (trials.length === 0) return <p className={classes.dim}>{nothing}</p>;
  return (
    <ul className={classes.trials}>
      {trials.map((trial, i) => (
        <li key={trial.id}>
          <Link to="/trials/$id" params={{ id: trial.id }}>
            Trial {trial.number}
          </Link>
          <span className={classes.study} title={trial.study.name}>
            {trial.study.name}
          </span>
          {i < maxFollowed ? <Progress trial={trial} /> : <span />}
          <Elapsed trial={trial} />
        </li>
      ))}
    </ul>
  );
}

function Progress({ trial }: { readonly trial: PlacedTrial }) {
  const progress = useProgress(trial.id, undefined);
  const fraction = progress?.fraction ?? null;
  if (fraction === null) return <span />;
  return (
    <ProgressBar className={classes.track} label={`Progress of trial ${trial.number}`} share={fraction} />
  );
}

function Elapsed({ trial: { startedAt, memory } }: { readonly trial: PlacedTrial }) {
  const now = useNow(1000);
  return (
    <>
      <span className={`${classes.number} numeric`} title="Memory: predicted">
        {memory?.predictedBytes != null && formatBytes(memory.predictedBytes)}
      </span>
      <span className={`${classes.number} numeric`}>
        {startedAt !== null && formatDuration(now - Date.parse(startedAt))}
      </span>
    </>
  );
}
