import { formatShare } from '../format/number.ts';
import classes from './progress-bar.module.css';

export interface ProgressBarProps {
  /** What a screen reader says. */
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly className?: string | undefined;
}

/** How far something is that runs. */
export function ProgressBar({ label, share, className = '' }: ProgressBarProps) {
  return (
    <div
      className={`${classes.bar} ${className}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      title={formatShare(share)}
    >
      <i style={{ width: formatShare(share, 1) }} />
    </div>
  );
}
