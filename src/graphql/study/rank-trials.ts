import { InputError } from '../../core/errors.ts';
import { createScalarisation } from '../../core/pareto/scalarisation/create-scalarisation.ts';
import { type RankedResult, rankResults } from '../../core/pareto/scalarisation/rank-results.ts';
import type { TrialRecord } from '../../storage/records.ts';
import { builder } from '../builder.ts';
import { maxPageSize } from '../connection.ts';
import { parseGlobalId } from '../global-id.ts';
import { TrialRef } from '../node.ts';

interface RankedTrial extends RankedResult {
  readonly trial: TrialRecord;
}

const RankedTrialType = builder.objectRef<RankedTrial>('RankedTrial').implement({
  fields: (t) => ({
    trial: t.field({ type: TrialRef, resolve: ({ trial }) => trial }),
    score: t.exposeFloat('loss', { description: 'The scalarised loss: the smaller, the better.' }),
    violation: t.exposeFloat('violation', {
      description:
        'By how much it breaks the bounds of an epsilonConstraint, relative to the front’s range; 0 where it keeps them.',
    }),
  }),
});

builder.queryField('rankTrials', (t) =>
  t.field({
    type: [RankedTrialType],
    description:
      'A study’s completed trials that keep its constraints, best first by a scalarisation of its objectives, such as {"kind": "tchebycheff", "weights": {"loss": 2, "seconds": 1}}. Nothing runs for it.',
    args: {
      study: t.arg.id({ required: true }),
      scalarisation: t.arg({ type: 'JSON', required: true }),
      first: t.arg.int({ defaultValue: 10 }),
    },
    resolve: async (_, { study: id, scalarisation: settings, ...args }, { engine }) => {
      const first = args.first ?? 10;
      if (first < 0 || first > maxPageSize) {
        throw InputError.at('first', `must be between 0 and ${maxPageSize}`);
      }
      const study = await engine.studies.get(parseGlobalId('study', id, 'study'));
      const scalarisation = createScalarisation(settings, study.objectives);
      const live = await engine.live.asOf(study);
      const ranked = live.derive(`rank ${first} ${JSON.stringify(settings)}`, ({ results }) =>
        rankResults(results, scalarisation, first),
      );
      const trials = await engine.trials.findByNumbers(
        study.id,
        ranked.map(({ result }) => result.number),
      );
      return ranked.map((entry, i) => ({ ...entry, trial: trials[i]! }));
    },
  }),
);
