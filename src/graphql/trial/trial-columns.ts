import { isInside } from '../../core/search-space/membership.ts';
import { parametersOf } from '../../core/search-space/space.ts';
import { isFinal, type TrialState as State, type TrialView } from '../../core/trial.ts';
import type { Engine } from '../../execution/engine.ts';
import type { LiveStudy } from '../../execution/live-study.ts';
import type { StudyRecord } from '../../storage/records.ts';
import { builder } from '../builder.ts';
import { TrialState } from '../enums.ts';

interface TrialColumns {
  readonly live: LiveStudy;
  readonly trials: readonly TrialView[];
  readonly params: readonly string[];
  readonly metrics: readonly string[];
}

export const TrialColumnsType = builder.objectRef<TrialColumns>('TrialColumns').implement({
  description:
    'One column a field, one entry a trial. params and values are columns by name, null where there is none.',
  fields: (t) => ({
    numbers: t.intList({ resolve: ({ trials }) => trials.map((trial) => trial.number) }),
    states: t.field({ type: [TrialState], resolve: ({ trials }) => trials.map((trial) => trial.state) }),
    params: t.field({
      type: 'JSON',
      resolve: ({ trials, params }) => columns(params, trials, (trial) => trial.params),
    }),
    values: t.field({
      type: 'JSON',
      resolve: ({ trials, metrics }) => columns(metrics, trials, (trial) => trial.values ?? {}),
    }),
    feasible: t.booleanList({ resolve: ({ trials }) => trials.map((trial) => trial.feasible === true) }),
    insideSpace: t.booleanList({
      description: 'Whether the params are in the search space as it is now.',
      resolve: ({ live, trials }) =>
        trials.map(({ params, state }) => isInside(live.problem.space, params, state === 'QUEUED')),
    }),
    durationsMs: t.floatList({
      nullable: { list: false, items: true },
      resolve: ({ live, trials }) => trials.map((trial) => live.durationsMs.get(trial.number) ?? null),
    }),
  }),
});

/** The columns come from the study in memory: reading 100,000 rows would take a second. */
export async function trialColumnsOf(
  engine: Engine,
  study: StudyRecord,
  args: { params?: readonly string[] | null | undefined; states?: readonly State[] | null | undefined },
): Promise<TrialColumns> {
  const { states } = args;
  const live = await engine.live.asOf(study);
  const isWanted = ({ state }: TrialView) => (states == null ? isFinal(state) : states.includes(state));
  return {
    live,
    trials: [...live.view.trials.values()].filter(isWanted).sort((a, b) => a.number - b.number),
    params: args.params ?? parametersOf(study.searchSpace).map(([name]) => name),
    metrics: [...new Set([...study.objectives, ...study.constraints].map((entry) => entry.metric))],
  };
}

function columns(
  names: readonly string[],
  trials: readonly TrialView[],
  entries: (trial: TrialView) => Readonly<Record<string, unknown>>,
): Record<string, unknown[]> {
  const entryOf = (trial: TrialView, name: string): unknown => {
    const own = entries(trial);
    return Object.hasOwn(own, name) ? own[name] : null;
  };
  return Object.fromEntries(names.map((name) => [name, trials.map((trial) => entryOf(trial, name))]));
}
