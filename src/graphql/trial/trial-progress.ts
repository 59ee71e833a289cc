import { isFinal } from '../../core/trial.ts';
import { followedState } from '../../events/followed-state.ts';
import { watchStudy } from '../../events/watch-study.ts';
import type { Engine } from '../../execution/engine.ts';
import type { SeriesSummary } from '../../storage/metric-store.ts';
import type { TrialRecord } from '../../storage/records.ts';
import { builder } from '../builder.ts';
import { parseGlobalId } from '../global-id.ts';
import { TrialRef } from '../node.ts';

const minIntervalMs = 100;

interface TrialProgress {
  readonly trial: TrialRecord;
  readonly summaries: readonly SeriesSummary[];
}

const TrialProgressType = builder.objectRef<TrialProgress>('TrialProgress').implement({
  fields: (t) => ({
    trial: t.field({ type: TrialRef, resolve: ({ trial }) => trial }),
    fraction: t.float({
      nullable: true,
      description: 'The share that is done, 0 to 1; null where the number of steps is not known.',
      resolve: fractionDone,
    }),
    expectedEnd: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it should end at the pace so far; null while there is no telling.',
      resolve: (progress) => expectedEnd(progress, Date.now()),
    }),
    step: t.int({
      nullable: true,
      description: 'The last reported step.',
      resolve: ({ summaries }) => (summaries.length === 0 ? null : lastStep(summaries)),
    }),
    latest: t.field({
      type: 'JSON',
      description: 'The last value of each metric; null for NaN and infinities.',
      resolve: ({ summaries }) =>
        Object.fromEntries(summaries.map((s) => [s.name, Number.isFinite(s.lastValue) ? s.lastValue : null])),
    }),
  }),
});

builder.subscriptionField('trialProgress', (t) =>
  t.field({
    type: TrialProgressType,
    description: 'State, fraction done, expected end and latest metrics of one trial, until it has ended.',
    args: { trial: t.arg.id({ required: true }) },
    subscribe: (_, args, { engine }) => followProgress(engine, parseGlobalId('trial', args.trial, 'trial')),
    resolve: (progress) => progress,
  }),
);

async function followProgress(engine: Engine, trialId: number) {
  const { studyId } = await engine.trials.get(trialId);
  let shown = '';
  let isDone = false;
  return followedState<TrialProgress>({
    minIntervalMs,
    watch: (wake) => watchStudy(engine.bus, studyId, ['studyChanged', 'metricsStored'], wake),
    read: async () => {
      if (isDone) return null;
      const [trial] = await engine.trials.findMany([trialId]);
      if (trial == null) {
        isDone = true;
        return null;
      }
      const summaries = (await engine.metrics.summaries([trialId])).get(trialId)!;
      const progress = { trial, summaries };
      isDone = isFinal(trial.state);
      const fingerprint = `${trial.state}/${trial.attempt}/${summaries.map((s) => s.lastCommit).join()}`;
      if (fingerprint === shown) return null;
      shown = fingerprint;
      return progress;
    },
    isDone: () => isDone,
  });
}

function fractionDone({ trial, summaries }: TrialProgress): number | null {
  if (trial.state === 'COMPLETED') return 1;
  if (trial.totalSteps === null) return null;
  return Math.min(1, lastStep(summaries) / trial.totalSteps);
}

function expectedEnd(progress: TrialProgress, now: number): Date | null {
  const { startedAt, state } = progress.trial;
  const fraction = fractionDone(progress);
  if (state !== 'RUNNING' || startedAt === null || fraction === null || fraction === 0) return null;
  return new Date(startedAt.getTime() + (now - startedAt.getTime()) / fraction);
}

function lastStep(summaries: readonly SeriesSummary[]): number {
  return summaries.reduce((last, summary) => Math.max(last, summary.lastStep), 0);
}
