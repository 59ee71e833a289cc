import type { JsonScalar, StudyData, TrialOrder } from '../../../../client/index.ts';
import type { TrialRow } from '../../../operations/trials.ts';
import { durationMs } from '../../../parts/trial-duration.ts';
import { trialStates } from '../../../theme/trial-states.ts';
import { spaceParameters, studyMetrics } from './space-parameters.ts';

/** How a column is filtered: by a range, by choices, or by a text that it has. */
export type FilterKind = 'number' | 'duration' | 'time' | 'choice' | 'states' | 'devices' | 'tags' | 'text';

export interface TrialColumn {
  /** Such as `number`, `value:loss`, `param:rate`: what addresses name. */
  readonly id: string;
  readonly label: string;
  readonly group: 'Trial' | 'Values' | 'Parameters' | 'Notes';
  readonly orderBy: Omit<TrialOrder, 'descending'>;
  readonly filter: FilterKind;
  /** Of a column that is filtered by choices. */
  readonly choices?: readonly JsonScalar[];
  readonly width: number;
  readonly isNumeric: boolean;
  /** For files; null where the trial has none. */
  value(trial: TrialRow): JsonScalar;
}

/** So many parameters are shown at first. */
const usualParameters = 8;

/** All columns that a study's trials have. */
export function trialColumns(
  study: Pick<StudyData, 'searchSpace' | 'objectives' | 'constraints'>,
): readonly TrialColumn[] {
  const trial = { group: 'Trial', isNumeric: true } as const;
  const notes = { group: 'Notes', isNumeric: false } as const;
  return [
    {
      ...trial,
      id: 'number',
      label: 'Trial',
      orderBy: { field: 'NUMBER' },
      filter: 'number',
      width: 84,
      value: ({ number }) => number,
    },
    {
      ...trial,
      id: 'state',
      label: 'State',
      orderBy: { field: 'STATE' },
      filter: 'states',
      width: 112,
      isNumeric: false,
      value: ({ state }) => trialStates[state].label,
    },
    ...studyMetrics(study).map(
      (metric): TrialColumn => ({
        id: `value:${metric}`,
        label: metric,
        group: 'Values',
        orderBy: { field: 'VALUE', name: metric },
        filter: 'number',
        width: widthOf(metric, 96),
        isNumeric: true,
        value: ({ values }) => (values as Record<string, number> | null)?.[metric] ?? null,
      }),
    ),
    ...spaceParameters(study).map(({ name, choices }): TrialColumn => {
      const column = {
        id: `param:${name}`,
        label: name,
        group: 'Parameters' as const,
        orderBy: { field: 'PARAM', name } as const,
        width: widthOf(name, 96),
        value: ({ params }: TrialRow) => params[name] ?? null,
      };
      return choices === null
        ? { ...column, filter: 'number', isNumeric: true }
        : { ...column, filter: 'choice', choices, isNumeric: choices.every((it) => typeof it === 'number') };
    }),
    {
      ...trial,
      id: 'duration',
      label: 'Duration',
      orderBy: { field: 'DURATION' },
      filter: 'duration',
      width: 96,
      value: (row) => durationMs(row),
    },
    {
      ...trial,
      id: 'started',
      label: 'Started',
      orderBy: { field: 'STARTED' },
      filter: 'time',
      width: 104,
      value: ({ startedAt }) => startedAt,
    },
    {
      ...trial,
      id: 'attempt',
      label: 'Attempt',
      orderBy: { field: 'ATTEMPT' },
      filter: 'number',
      width: 84,
      value: ({ attempt }) => attempt,
    },
    {
      ...trial,
      id: 'device',
      label: 'Device',
      orderBy: { field: 'DEVICE' },
      filter: 'devices',
      width: 128,
      isNumeric: false,
      value: ({ device }) => device,
    },
    {
      ...notes,
      id: 'tags',
      label: 'Tags',
      orderBy: { field: 'TAGS' },
      filter: 'tags',
      width: 148,
      value: ({ tags }) => (tags.length > 0 ? tags.join(', ') : null),
    },
    {
      ...notes,
      id: 'notes',
      label: 'Notes',
      orderBy: { field: 'NOTES' },
      filter: 'text',
      width: 220,
      value: ({ notes }) => notes,
    },
  ];
}

/** Room for the label, its arrow and its filter. */
function widthOf(label: string, least: number): number {
  return Math.min(200, Math.max(least, 46 + label.length * 7.2));
}

/** Those that are shown where nobody has chosen any. */
export function usualColumns(all: readonly TrialColumn[]): readonly string[] {
  let parameters = 0;
  return all
    .filter(({ id, group }) =>
      group === 'Parameters' ? ++parameters <= usualParameters : id !== 'attempt' && id !== 'device',
    )
    .map(({ id }) => id);
}
