import type { Params } from '../core/search-space/space.ts';
import type { TrialRecord } from '../storage/records.ts';
import type { NewTrial, StudyChange } from '../storage/study-change.ts';
import type { LiveStudy } from './live-study.ts';
import { trialLimit } from './study-changes.ts';
import { type Claim, claimed, claimFields, type Placement, rejected } from './trial-changes.ts';

export interface AskRequest {
  readonly studyId: number;
  readonly count: number;
  readonly worker: string | null;
  readonly leaseMs: number;
  /** Decides for each trial whether it starts; for trials of this process. Absent: all do. */
  readonly place?: ((trial: ProposedTrial) => PlacementDecision) | undefined;
}

/** A trial that might start: its id where it is stored already, and its full parameters. */
export interface ProposedTrial {
  readonly id: number | null;
  readonly params: Params;
}

export type PlacementDecision = { readonly placement: Placement } & (
  | { readonly action: 'START' | 'WAIT' }
  /** It cannot run here or anywhere: it is INFEASIBLE, and an observation for the sampler. */
  | { readonly action: 'REJECT'; readonly reason: string }
);

/** Of the queued trials so many are looked at for some that fit: enough to fill what a large one leaves. */
const maxLooks = 64;

/**
 * How many trials may wait for memory before no new one is suggested. Few: each is suggested without the results of those
 * that run meanwhile. More than one, so that a small one can use what a large one leaves.
 */
const maxWaiting = 2;

/**
 * Starts trials: queued ones first, then paused ones that the pruner promotes, then new suggestions. A trial that has to
 * wait is queued with its full parameters; one that is suggested and does not start ends the search for others.
 */
export async function askTrials(
  change: StudyChange,
  live: LiveStudy,
  request: AskRequest,
  now: Date,
): Promise<TrialRecord[]> {
  const open = (change.study.maxConcurrentTrials ?? Number.POSITIVE_INFINITY) - live.view.running.size;
  const count = Math.min(request.count, open);
  if (count <= 0) return [];
  const { trialTimeoutSeconds } = change.study;
  const timeoutMs = trialTimeoutSeconds === null ? null : trialTimeoutSeconds * 1000;
  const { worker, leaseMs, place = () => ({ action: 'START', placement: {} }) } = request;
  const claimOf = (number: number, params: Params, placement: Placement): Claim => {
    // The next suggestion of this batch must know that this one is under way.
    live.expect(number, params);
    return { worker, leaseMs, params, placement, timeoutMs };
  };
  const reject = (trial: TrialRecord, reason: string): void => {
    const { kind, trial: last } = rejected(trial, reason, now);
    change.saveTrial(kind, last);
  };
  const started: TrialRecord[] = [];
  let waiting = 0;
  /** Decides over a trial that is stored already. */
  const consider = (trial: TrialRecord, params: Params): void => {
    const decision = place({ id: trial.id, params });
    if (decision.action === 'START') {
      const claim = claimed(trial, claimOf(trial.number, params, decision.placement), now);
      started.push(change.saveTrial(claim.kind, claim.trial));
    } else if (decision.action === 'REJECT') {
      reject({ ...trial, ...decision.placement, params }, decision.reason);
    } else {
      waiting++;
      const { predictedBytes = null } = decision.placement;
      if (predictedBytes === trial.predictedBytes && sameParams(params, trial.params)) return;
      change.saveTrial('TRIAL_QUEUED', { ...trial, ...decision.placement, params });
    }
  };

  const looks = request.place === undefined ? count : maxLooks;
  for (const trial of await change.queuedTrials(looks, now)) {
    if (started.length === count) return started;
    consider(trial, live.suggest(trial.number, trial.params));
  }
  const limit = trialLimit(change.study);
  for (let next = live.promote(limit); next !== null && started.length < count; next = live.promote(limit)) {
    const trial = await change.trialOfNumber(next.trialNumber);
    const before = started.length;
    consider(trial, trial.params);
    // Until it has started, the same one would be promoted.
    if (started.length === before) break;
  }

  const fresh: NewTrial[] = [];
  let left: { readonly params: Params; readonly decision: PlacementDecision } | null = null;
  const room = Math.max(
    0,
    Math.min(limit - change.study.trialCount, live.settingsLeft, count - started.length),
  );
  while (fresh.length < room && waiting < maxWaiting && left === null) {
    const number = change.study.trialCount + fresh.length;
    const params = live.suggest(number, {});
    const decision = place({ id: null, params });
    if (decision.action === 'START')
      fresh.push(claimFields(1, claimOf(number, params, decision.placement), now));
    else left = { params, decision };
  }
  started.push(...(await change.insertTrials('TRIAL_STARTED', fresh)));
  if (left !== null) {
    const { params, decision } = left;
    const [trial] = await change.insertTrials('TRIAL_QUEUED', [{ ...decision.placement, params }]);
    if (decision.action === 'REJECT') reject(trial!, decision.reason);
  }
  return started;
}

function sameParams(a: Params, b: Params): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
