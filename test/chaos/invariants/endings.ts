import type { TrialData } from '../../../src/client/index.ts';
import type { Aftermath, EndedStudy } from '../aftermath.ts';
import { insideLoss } from '../reported-values.ts';
import { faultOfDraw, userFaults } from '../user-faults.ts';

/** Every study has ended with its reason, and every trial as its code says, whatever was done to its server. */
export function faultyEndings({ studies }: Aftermath): string[] {
  return studies.flatMap((ended) => [
    ...studyFaults(ended),
    ...ended.trials.flatMap((trial) =>
      trialFaults(ended, trial).map((fault) => `${ended.study.name}, trial ${trial.id}: ${fault}`),
    ),
  ]);
}

function studyFaults({ study, round, trials }: EndedStudy): string[] {
  const { state, stopReason, trialCounts } = study.data;
  const faults: string[] = [];
  if (state !== 'FINISHED' || !round.stopReason.test(stopReason ?? '')) {
    faults.push(`${study.name} is ${state} because: ${stopReason}`);
  }
  if (trialCounts.total !== trials.length || trials.some(({ number }, i) => number !== i)) {
    faults.push(`${study.name} counts ${trialCounts.total} trials, and has ${trials.length}`);
  }
  for (const name of [
    'queued',
    'running',
    'completed',
    'pruned',
    'infeasible',
    'failed',
    'cancelled',
  ] as const) {
    const found = trials.filter(({ state: of }) => of === name.toUpperCase()).length;
    if (trialCounts[name] !== found)
      faults.push(`${study.name} counts ${trialCounts[name]} ${name}, and has ${found}`);
  }
  return faults;
}

function trialFaults(ended: EndedStudy, trial: TrialData): string[] {
  const { state, error, leaseUntil, finishedAt } = trial;
  if (state === 'QUEUED' || state === 'RUNNING') return [`is ${state} in a study that has ended`];
  if (leaseUntil !== null) return ['has a lease after its end'];
  if (finishedAt === null) return ['has no time of its end'];
  // Whatever still runs when another rule ends the study is cancelled.
  const mayBeCancelled = !/^All/.test(ended.study.data.stopReason!);
  if (state === 'CANCELLED' && mayBeCancelled) return [];
  const mayBePruned = ended.round.input.pruner != null;
  if (state === 'PRUNED' && mayBePruned) return [];
  if (ended.round.input.trainable === undefined) {
    return state === 'COMPLETED' ? [] : [`is ${state} (${error}), and its worker had no fault`];
  }
  if (state === 'FAILED' && ended.round.losesProcesses && /SIGKILL/.test(error!)) return [];
  const draw = trial.params.draw as number;
  const fault = faultOfDraw(draw);
  if (fault === null) return healthyFaults(ended, trial, draw);
  const expected = userFaults[fault];
  return state === expected.state && (expected.error?.test(error ?? '') ?? true)
    ? []
    : [`is ${state} (${error}) after ${fault}`];
}

/** A trial that completed has every point of its last attempt, bit for bit, and nothing of an earlier one after it. */
function healthyFaults({ written, watch }: EndedStudy, trial: TrialData, draw: number): string[] {
  if (trial.state !== 'COMPLETED') return [`is ${trial.state} (${trial.error}), and its code has no fault`];
  const points = written.filter((point) => point.trial === trial.id);
  const losses = new Map(
    points.filter(({ name }) => name === 'loss').map(({ step, value }) => [step, value]),
  );
  const starts = new Map(
    points.filter(({ name }) => name === 'startedAt').map(({ step, value }) => [step, value]),
  );
  const faults: string[] = [];
  for (let step = 1; step <= 12; step++) {
    if (!Object.is(losses.get(step), insideLoss(draw, step)))
      faults.push(`has the loss ${losses.get(step)} at step ${step}, not ${insideLoss(draw, step)}`);
  }
  const wasPaused = watch.events.some(({ kind, trial: of }) => of?.id === trial.id && /PAUS/.test(kind));
  // A trial that was paused goes on where it was.
  if (!wasPaused && new Set(starts.values()).size > 1)
    faults.push(`mixes points of attempts: ${[...starts.values()]}`);
  if (trial.values?.loss !== insideLoss(draw, 12)) faults.push(`has the final loss ${trial.values?.loss}`);
  return faults;
}
