import { CallerError, FaultList } from '../../core/errors.ts';
import { nameFault } from '../../core/field-reader.ts';
import { showJson } from '../../core/json.ts';
import type { ReportOutcome } from '../../execution/trial-reports.ts';
import type { NamedPoints } from '../../storage/metric-store.ts';
import { builder } from '../builder.ts';
import { ReportAction } from '../enums.ts';
import { parseGlobalId } from '../global-id.ts';

const maxPointsPerReport = 1_000_000;
const maxSeriesPerReport = 10_000;

const SeriesInput = builder.inputType('SeriesInput', {
  description:
    'Either lists or packed arrays for a series, not both; all columns of one series have one length.',
  fields: (t) => ({
    name: t.string({ required: true }),
    steps: t.intList({ required: { list: false, items: true } }),
    values: t.floatList({
      required: { list: false, items: false },
      description: 'null stands for NaN.',
    }),
    times: t.floatList({
      required: { list: false, items: true },
      description: 'Wall times in milliseconds since 1970; absent: now.',
    }),
    packedSteps: t.field({ type: 'Int32Array' }),
    packedValues: t.field({ type: 'Float64Array' }),
    packedTimes: t.field({ type: 'Float64Array' }),
  }),
});

const ReportMetricsInput = builder.inputType('ReportMetricsInput', {
  fields: (t) => ({
    trial: t.id({ required: true }),
    attempt: t.int({ description: 'The fencing token; a stale one is refused (CONFLICT).' }),
    batch: t.int({
      description:
        'A number that grows per trial and attempt; a repeated one is acknowledged, not stored twice.',
    }),
    series: t.field({ type: [SeriesInput], required: { list: true, items: true } }),
  }),
});

const ReportResult = builder.objectRef<ReportOutcome>('ReportResult').implement({
  fields: (t) => ({
    accepted: t.exposeInt('accepted', {
      description: 'Points stored, by this report or by the one it repeats.',
    }),
    action: t.expose('action', { type: ReportAction }),
    shouldStop: t.exposeBoolean('shouldStop', {
      description:
        'Whether the action is PAUSE or STOP: stop training, and tell the state PRUNED unless the trial was cancelled. Telling PRUNED where the action is PAUSE pauses the trial; promoted, it starts anew.',
    }),
    reason: t.exposeString('reason', { nullable: true }),
  }),
});

builder.mutationField('reportMetrics', (t) =>
  t.field({
    type: ReportResult,
    description: 'Stores metric points; answers after the commit.',
    args: { input: t.arg({ type: ReportMetricsInput, required: true }) },
    resolve: (_, { input }, { engine }) =>
      engine.trialLife.report({
        trialId: parseGlobalId('trial', input.trial, 'trial'),
        attempt: input.attempt,
        batch: input.batch,
        series: parseSeries(input.series),
      }),
  }),
);

type SeriesInputShape = typeof SeriesInput.$inferInput;

function parseSeries(inputs: readonly SeriesInputShape[]): NamedPoints[] {
  if (inputs.length > maxSeriesPerReport) throw tooLarge(`${inputs.length} series`, maxSeriesPerReport);
  const faults = new FaultList();
  const now = Date.now();
  const names = new Set<string>();
  const series = inputs.map((input, i) => {
    const path = `series[${i}]`;
    const fault = nameFault(input.name);
    if (fault !== null) faults.add(`${path}.name`, fault);
    if (names.has(input.name))
      faults.add(`${path}.name`, `repeats the series ${showJson(input.name)}; join the two.`);
    names.add(input.name);
    return readColumns(input, path, now, faults);
  });
  const points = series.reduce((sum, entry) => sum + entry.steps.length, 0);
  if (points > maxPointsPerReport) throw tooLarge(`${points} points`, maxPointsPerReport);
  faults.throwIfAny();
  return series;
}

function readColumns(input: SeriesInputShape, path: string, now: number, faults: FaultList): NamedPoints {
  const {
    name,
    steps: stepList,
    values: valueList,
    times: timeList,
    packedSteps,
    packedValues,
    packedTimes,
  } = input;
  if ((stepList != null && packedSteps != null) || (valueList != null && packedValues != null)) {
    faults.add(path, 'has lists and packed arrays; give one of the two forms.');
  }
  const steps = packedSteps ?? (stepList == null ? null : toSteps(stepList));
  const values = packedValues ?? (valueList == null ? null : toValues(valueList));
  const times = packedTimes ?? (timeList == null ? null : toTimes(timeList));
  if (steps === null) faults.add(`${path}.steps`, 'is missing; give steps or packedSteps.');
  if (values === null) faults.add(`${path}.values`, 'is missing; give values or packedValues.');
  if (steps === null || values === null) return { name, ...nothing };
  for (const [column, length] of [
    ['values', values.length],
    ['times', times?.length ?? steps.length],
  ] as const) {
    if (length !== steps.length) {
      faults.add(
        `${path}.${column}`,
        `has ${length} entries but steps has ${steps.length}; all columns need one length.`,
      );
    }
  }
  if (hasNegative(steps)) faults.add(`${path}.steps`, 'has a negative step; steps start at 0.');
  if (times !== null && !areFinite(times)) {
    faults.add(`${path}.times`, 'has a time that is no finite number; times are milliseconds since 1970.');
  }
  return { name, steps, values, times: times ?? new Float64Array(steps.length).fill(now) };
}

// Loops: typed arrays' own `some` and constructors call back, or iterate, for each of many thousand numbers.

function hasNegative(steps: Int32Array): boolean {
  for (let i = 0; i < steps.length; i++) if (steps[i]! < 0) return true;
  return false;
}

function areFinite(times: Float64Array): boolean {
  for (let i = 0; i < times.length; i++) if (!Number.isFinite(times[i])) return false;
  return true;
}

function toSteps(list: readonly number[]): Int32Array {
  const steps = new Int32Array(list.length);
  for (let i = 0; i < list.length; i++) steps[i] = list[i]!;
  return steps;
}

function toTimes(list: readonly number[]): Float64Array {
  const times = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) times[i] = list[i]!;
  return times;
}

function toValues(list: readonly (number | null | undefined)[]): Float64Array {
  const values = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) values[i] = list[i] ?? Number.NaN;
  return values;
}

const nothing = { steps: new Int32Array(), values: new Float64Array(), times: new Float64Array() };

function tooLarge(what: string, limit: number): CallerError {
  return new CallerError('TOO_LARGE', `A report of ${what} is too large; send at most ${limit} at a time.`, {
    limit,
  });
}
