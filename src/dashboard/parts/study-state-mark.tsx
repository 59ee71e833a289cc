import type { StudyState } from '../../client/index.ts';
import classes from './state-mark.module.css';

const labels: Readonly<Record<StudyState, { readonly label: string; readonly color: string }>> = {
  CREATED: { label: 'Created', color: 'var(--state-queued)' },
  RUNNING: { label: 'Running', color: 'var(--state-running)' },
  PAUSED: { label: 'Paused', color: 'var(--state-pruned)' },
  FINISHED: { label: 'Finished', color: 'var(--state-completed)' },
};

/** A study's state: a coloured dot, which breathes while it runs, and the word. */
export function StudyStateMark({ state }: { readonly state: StudyState }) {
  const { label, color } = labels[state];
  return (
    <span className={classes.mark} data-running={state === 'RUNNING' || undefined}>
      <i style={{ background: color }} />
      {label}
    </span>
  );
}
