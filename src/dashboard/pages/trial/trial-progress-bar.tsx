import type { TrialProgress } from '../../../client/index.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatCount, formatShare } from '../../format/number.ts';
import { useNow } from '../../live/use-now.ts';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import classes from './trial-page.module.css';

/** How far a running trial is, and when it should end. */
export function TrialProgressBar({ progress }: { readonly progress: TrialProgress }) {
  const now = useNow(1000);
  const { fraction, expectedEnd, step, trial } = progress;
  const left = expectedEnd === null ? null : Date.parse(expectedEnd) - now;
  const total = trial.totalSteps === null ? '' : ` of ${formatCount(trial.totalSteps)}`;
  const parts = [
    step === null ? null : `step ${formatCount(step)}${total}`,
    trial.startedAt === null ? null : `${formatDuration(now - Date.parse(trial.startedAt))} so far`,
    left === null ? null : `about ${formatDuration(Math.max(0, left))} left`,
  ];
  return (
    <div className={classes.progress}>
      {fraction !== null && <ProgressBar className={classes.track} label="Done" share={fraction} />}
      <span className="numeric">
        {fraction !== null && <b>{formatShare(fraction)}</b>}
        <span className={classes.dim}> {parts.filter((part) => part !== null).join(' · ')}</span>
      </span>
    </div>
  );
}
