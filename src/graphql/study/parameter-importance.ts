import {
  chosenObjectives,
  type ImportanceBaseline,
  type ParameterImportance,
  parameterImportances,
} from '../../core/importance/parameter-importances.ts';
import type { Engine } from '../../execution/engine.ts';
import type { StudyRecord } from '../../storage/records.ts';
import { builder } from '../builder.ts';

export const ImportanceBaselineEnum = builder.enumType('ImportanceBaseline', {
  description: 'What the best trials are compared with.',
  values: {
    TRIALS: { value: 'trials', description: 'All trials, wherever the sampler looked, as in Optuna.' },
    SPACE: { value: 'space', description: 'A uniform draw from the search space.' },
  } as const,
});

export const ParameterImportanceType = builder
  .objectRef<ParameterImportance>('ParameterImportance')
  .implement({
    description: 'How much a parameter matters for being among the best tenth of the trials (PED-ANOVA).',
    fields: (t) => ({
      parameter: t.exposeString('parameter'),
      importance: t.exposeFloat('importance', {
        description:
          'Its share of all parameters’ importance: they sum to 1, or are all 0 where nothing can be told yet.',
      }),
      raw: t.exposeFloat('raw', {
        description:
          'The variance, over the parameter’s values, of the chance to be among the best. A conditional parameter: where it exists.',
      }),
      activation: t.exposeFloat('activation', {
        description:
          'The same over whether the parameter exists at all; owed to the parameters that decide it, so in no share.',
      }),
    }),
  });

/** `metric` null: the objective, or with several the front. Computed once for each state of the study. */
export async function importancesOfStudy(
  engine: Engine,
  study: StudyRecord,
  metric: string | null,
  baseline: ImportanceBaseline,
): Promise<ParameterImportance[]> {
  const live = await engine.live.asOf(study);
  const objectives = chosenObjectives(live.problem, metric);
  return live.derive(`importances ${baseline} ${metric ?? ''}`, (view) =>
    parameterImportances(view, objectives, { baseline }),
  );
}
