import type { StudyData } from '../../../client/index.ts';
import { endedTrials } from '../../parts/ended-trials.ts';
import { stopRule } from '../../parts/stop-rule.ts';

/** Too few trials tell nothing about the pace. */
const leastEnded = 2;

/**
 * In how many milliseconds a running study should end, by the first of its stop rules that can be foreseen: the number of
 * trials at the pace so far, wall time, or the time of all trials together at the present number of running ones.
 * @param deviceSeconds how long its trials have run so far; null where that is not known
 * @returns null where there is no telling
 */
export function estimateEndMs(study: StudyData, deviceSeconds: number | null, now: number): number | null {
  if (study.state !== 'RUNNING' || study.startedAt === null) return null;
  const elapsedMs = now - Date.parse(study.startedAt);
  const ends: number[] = [];

  const maxTrials = stopRule(study.stopRules, 'maxTrials');
  const ended = endedTrials(study.trialCounts);
  if (maxTrials !== null && ended >= leastEnded) ends.push((elapsedMs / ended) * (maxTrials - ended));

  const timeoutSeconds = stopRule(study.stopRules, 'timeoutSeconds');
  if (timeoutSeconds !== null) ends.push(timeoutSeconds * 1000 - elapsedMs);

  const limitSeconds = stopRule(study.stopRules, 'deviceSeconds');
  const { running } = study.trialCounts;
  if (limitSeconds !== null && deviceSeconds !== null && running > 0) {
    ends.push(((limitSeconds - deviceSeconds) / running) * 1000);
  }
  return ends.length === 0 ? null : Math.max(0, Math.min(...ends));
}
