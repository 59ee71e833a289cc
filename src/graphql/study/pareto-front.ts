import { InputError } from '../../core/errors.ts';
import { byFirstLoss } from '../../core/pareto/best-trials.ts';
import { crowdingDistances } from '../../core/pareto/crowding-distance.ts';
import { contributions } from '../../core/pareto/hypervolume/contributions.ts';
import type { Losses } from '../../core/pareto/losses.ts';
import { parseReferencePoint } from '../../core/pareto/reference-point.ts';
import type { Engine } from '../../execution/engine.ts';
import type { LiveStudy } from '../../execution/live-study.ts';
import type { StudyRecord } from '../../storage/records.ts';
import { builder } from '../builder.ts';
import { finiteOrNull } from '../metric/finite.ts';
import { StudyRef } from '../node.ts';

/** A study of several objectives, and from where its hypervolume is measured. */
interface Front {
  readonly live: LiveStudy;
  readonly reference: Losses;
}

const referenceArgument = 'values of all objectives; absent: the worst of the results and a tenth beyond';

const ParetoFront = builder.objectRef<Front>('ParetoFront').implement({
  description: 'One column a field, one entry a trial, by the first objective.',
  fields: (t) => ({
    numbers: t.intList({ resolve: ({ live }) => resultsOf(live).map(({ number }) => number) }),
    values: t.field({
      type: 'JSON',
      description: 'Columns by objective.',
      resolve: ({ live }) => {
        const results = resultsOf(live);
        return byMetric(live, (k, sign) => results.map(({ losses }) => sign * losses[k]!));
      },
    }),
    crowdingDistances: t.floatList({
      nullable: { list: false, items: true },
      description: 'How far its neighbours lie apart, as in NSGA-II; null for the ends, which have none.',
      resolve: ({ live }) => [...crowdingDistances(lossesOf(live))].map(finiteOrNull),
    }),
    contributions: t.floatList({
      nullable: { list: false, items: true },
      description: 'The hypervolume that would be lost without the trial.',
      resolve: ({ live, reference }) =>
        live.derive(`contributions ${reference.join()}`, () =>
          [...contributions(lossesOf(live), reference)].map(finiteOrNull),
        ),
    }),
    hypervolume: t.float({
      nullable: true,
      resolve: ({ live, reference }) => hypervolumeOf(live, reference),
    }),
    referencePoint: t.field({ type: 'JSON', resolve: valuesOf }),
  }),
});

const HypervolumeHistory = builder.objectRef<Front>('HypervolumeHistory').implement({
  description:
    'How the hypervolume grew, all from one reference point: one entry for each trial that raised it, in the order in which they ended.',
  fields: (t) => ({
    numbers: t.intList({ resolve: (front) => stepsOf(front).map(({ result }) => result.number) }),
    ended: t.intList({
      description: 'How many trials had ended as COMPLETED, PRUNED or INFEASIBLE by then.',
      resolve: (front) => stepsOf(front).map(({ result }) => result.ended),
    }),
    hypervolumes: t.floatList({
      nullable: { list: false, items: true },
      resolve: (front) => stepsOf(front).map(({ hypervolume }) => finiteOrNull(hypervolume)),
    }),
    referencePoint: t.field({ type: 'JSON', resolve: valuesOf }),
  }),
});

builder.objectFields(StudyRef, (t) => ({
  hypervolume: t.float({
    nullable: true,
    description: 'Of the front, from the reference point; null for one objective or without results.',
    args: { referencePoint: t.arg({ type: 'JSON', description: referenceArgument }) },
    resolve: async (study, { referencePoint }, { engine }) => {
      const front = await frontOf(engine, study, referencePoint);
      return front && hypervolumeOf(front.live, front.reference);
    },
  }),
  paretoFront: t.field({
    type: ParetoFront,
    nullable: true,
    description: 'The front in columns, for plots; null for one objective.',
    args: { referencePoint: t.arg({ type: 'JSON', description: referenceArgument }) },
    resolve: (study, { referencePoint }, { engine }) => frontOf(engine, study, referencePoint),
  }),
  hypervolumeHistory: t.field({
    type: HypervolumeHistory,
    nullable: true,
    description: 'Null for one objective.',
    args: { referencePoint: t.arg({ type: 'JSON', description: referenceArgument }) },
    resolve: (study, { referencePoint }, { engine }) => frontOf(engine, study, referencePoint),
  }),
}));

/** @throws InputError for a reference point that the study's objectives do not have */
async function frontOf(engine: Engine, study: StudyRecord, referencePoint: unknown): Promise<Front | null> {
  const { objectives } = study;
  if (objectives.length < 2) {
    if (referencePoint == null) return null;
    throw InputError.at('referencePoint', 'is for several objectives; this study has one.');
  }
  const named = referencePoint == null ? null : parseReferencePoint(referencePoint, objectives);
  const live = await engine.live.asOf(study);
  return { live, reference: named ?? live.view.results.referencePoint };
}

function hypervolumeOf(live: LiveStudy, reference: Losses): number | null {
  return live.derive(`hypervolume ${reference.join()}`, ({ results }) =>
    finiteOrNull(results.hypervolume(reference) ?? undefined),
  );
}

const resultsOf = (live: LiveStudy) => live.view.results.front.toSorted(byFirstLoss);
const lossesOf = (live: LiveStudy) => resultsOf(live).map(({ losses }) => losses);
const stepsOf = ({ live, reference }: Front) => live.view.results.hypervolumeHistory(reference).steps;

/** The reference point by metric. */
function valuesOf({ live, reference }: Front): Record<string, unknown> {
  return byMetric(live, (k, sign) => sign * reference[k]!);
}

function byMetric(live: LiveStudy, of: (k: number, sign: number) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    live.problem.objectives.map(({ metric, direction }, k) => [
      metric,
      of(k, direction === 'MINIMIZE' ? 1 : -1),
    ]),
  );
}
