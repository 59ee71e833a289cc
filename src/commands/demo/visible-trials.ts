import { hasEnded, type StudyWatch, type WatchedTrial } from './study-watch.ts';
import { stateWord } from './trial-state.ts';

/** A trial on the screen: one that the study has made, or one that is still to come. */
export type VisibleTrial = WatchedTrial | { readonly number: number; readonly state: 'WAITING' };

export interface VisibleTrials {
  /** By number. */
  readonly listed: readonly VisibleTrial[];
  /** The others in words, such as `40 completed, 3 waiting`; null where all are listed. */
  readonly others: string | null;
}

/** All trials where they fit into `rows`; otherwise those that run and the last ones that ended. */
export function visibleTrials(watch: StudyWatch, nowMs: number, rows: number): VisibleTrials {
  const trials = watch.trials(nowMs);
  const waiting = Math.max(0, watch.trialCount - trials.length);
  if (trials.length + waiting <= rows) {
    const toCome = Array.from({ length: waiting }, (_, i) => ({
      number: trials.length + i,
      state: 'WAITING' as const,
    }));
    return { listed: [...trials, ...toCome], others: null };
  }
  // One row is for the others.
  const room = Math.max(1, rows - 1);
  const ended = trials.filter(hasEnded).reverse();
  const running = trials.filter(({ state }) => state === 'RUNNING');
  const listed = [...running, ...ended].slice(0, room).sort((a, b) => a.number - b.number);
  const hidden = trials.filter((trial) => !listed.includes(trial)).map(({ state }) => stateWord(state));
  return { listed, others: describeCounts([...hidden, ...Array<string>(waiting).fill('waiting')]) };
}

function describeCounts(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
