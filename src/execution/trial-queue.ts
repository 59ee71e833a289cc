import type { WaitingTrial } from '../core/packing/waiting-line.ts';
import type { LiveStudy } from './live-study.ts';
import { trialLimit } from './study-changes.ts';

/** What waits for a device of this process: a trial that is known, or the next one of a study. */
export interface QueueEntry {
  /** From 1, in the order in which they would start if all fitted. */
  readonly position: number;
  readonly studyId: number;
  /** Null where it is not yet known which trial will be next. */
  readonly trialId: number | null;
  /** In words. */
  readonly reason: string;
  /** In milliseconds since 1970; null where nobody counts. */
  readonly since: number | null;
  /** Of the next one of a study: how many queued trials stand behind this entry, itself included. */
  readonly queuedTrials: number;
}

/** A running study as the queue sees it. */
export interface QueuedStudy {
  readonly live: LiveStudy;
  /** Whether it may have a trial to start. */
  readonly isCandidate: boolean;
  /** Why a small trial of it would have to wait now; null: it would start. */
  readonly whyNot: () => string | null;
}

/** The queue of studies in their turn, each study's trials in theirs. */
export function readQueue(studies: readonly QueuedStudy[], waiting: readonly WaitingTrial[]): QueueEntry[] {
  const entries: Omit<QueueEntry, 'position'>[] = [];
  for (const { live, isCandidate, whyNot } of studies) {
    const { id: studyId, maxConcurrentTrials } = live.study;
    const own = waiting.filter((trial) => trial.studyId === studyId);
    for (const { trial: trialId, reason, since } of own) {
      entries.push({ studyId, trialId, reason, since, queuedTrials: 1 });
    }
    const { running, total } = live.view.trialCounts;
    const queuedTrials = Math.max(0, live.view.waitingCount - own.length);
    const hasMore = queuedTrials > 0 || (total < trialLimit(live.study) && live.settingsLeft > 0);
    const isFull = maxConcurrentTrials !== null && running >= maxConcurrentTrials;
    if (!hasMore || (!isCandidate && !isFull)) continue;
    const reason = isFull
      ? `${running} of its trials ${running === 1 ? 'runs' : 'run'}, as many as maxConcurrentTrials allows.`
      : (whyNot() ?? 'It starts next.');
    entries.push({ studyId, trialId: null, reason, since: null, queuedTrials });
  }
  return entries.map((entry, i) => ({ position: i + 1, ...entry }));
}
