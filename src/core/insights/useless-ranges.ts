import type { ParameterColumn } from '../importance/parameter-column.ts';
import type { JsonScalar } from '../json.ts';
import type { Objective } from '../study.ts';
import { bestValue, type Evidence } from './evidence.ts';
import { hoursOf, joinWords, showCount, showHours, showNumber } from './phrases.ts';

/** Values of one parameter that nothing good came from, although they were tried often enough to tell. */
export interface UselessRange {
  readonly parameter: string;
  /** Both ends belong to it; null for a categorical parameter. */
  readonly low: number | null;
  readonly high: number | null;
  /** Null for a numeric parameter. */
  readonly choices: readonly JsonScalar[] | null;
  /** How many trials tried it. */
  readonly trials: number;
  /** By objective: the best value there, null where no trial ended with one. */
  readonly bestValues: Readonly<Record<string, number | null>>;
  /** The chance that none of its trials is good if the range made no difference, for all ranges that were looked at. */
  readonly pValue: number;
  readonly deviceHours: number;
  readonly sentence: string;
  /** The slots it covers, and the trials in it by their places. */
  readonly slots: readonly [first: number, last: number];
  readonly places: readonly number[];
}

const significance = 0.05;

/**
 * The stretches between good trials (each choice by itself where choices have no order) that hold too many trials for
 * chance. Exact test: if a range made no difference, m of N trials would miss all G good ones with the probability
 * prod_{i<m} (N - G - i) / (N - i); that times the number of stretches of all parameters (Bonferroni) is below 0.05.
 * So a range that was hardly tried is never called useless. A gap of a tenth of the range without any trial ends a stretch.
 */
export function uselessRanges(evidence: Evidence): UselessRange[] {
  const tried = evidence.columns.map((column) => countSlots(evidence, column));
  const looks = tried.reduce((sum, { stretches }) => sum + stretches, 0);
  const found: UselessRange[] = [];
  evidence.columns.forEach((column, d) => {
    const { counts, goodCounts, trials, good } = tried[d]!;
    if (good === 0) return;
    for (const slots of emptyStretches(column, counts, goodCounts)) {
      let tries = 0;
      for (let k = slots[0]; k <= slots[1]; k++) tries += counts[k]!;
      if (looks * chanceOfNone(trials, good, tries) >= significance) continue;
      const values = valuesOf(column, slots);
      const places = placesWithin(column, values, slots);
      const pValue = looks * chanceOfNone(trials, good, places.length);
      if (pValue < significance) found.push(describe(evidence, column, { ...values, slots, places, pValue }));
    }
  });
  return found.sort((a, b) => b.deviceHours - a.deviceHours || b.trials - a.trials);
}

interface Values {
  readonly low: number | null;
  readonly high: number | null;
  readonly choices: readonly JsonScalar[] | null;
}

function countSlots({ good }: Evidence, { slots, edges, isOrdered }: ParameterColumn) {
  const counts = new Int32Array(edges.length - 1);
  const goodCounts = new Int32Array(edges.length - 1);
  let trials = 0;
  let goodTrials = 0;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]!;
    if (slot < 0) continue;
    trials++;
    counts[slot]!++;
    if (good[i] === 0) continue;
    goodTrials++;
    goodCounts[slot]!++;
  }
  const choices = counts.filter((count) => count > 0).length;
  const stretches = goodTrials === 0 ? 0 : isOrdered ? Math.min(goodTrials + 1, counts.length) : choices;
  return { counts, goodCounts, trials, good: goodTrials, stretches };
}

/**
 * Runs of slots without good trials, from the first to the last that was tried; on to the end of a range where that is
 * no farther than a gap may be, and a slot is no value of its own.
 */
function emptyStretches(
  { isOrdered, isExact }: ParameterColumn,
  counts: Int32Array,
  goodCounts: Int32Array,
): (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  const longestGap = Math.max(1, Math.floor(counts.length / 10));
  let open: [number, number] | null = isExact ? null : [0, -1];
  counts.forEach((count, k) => {
    if (goodCounts[k]! > 0) open = null;
    else if (count > 0 && isOrdered && open !== null && k - open[1] <= longestGap + 1) {
      if (stretches.at(-1) !== open) stretches.push(open);
      open[1] = k;
    } else if (count > 0) {
      open = [k, k];
      stretches.push(open);
    }
  });
  const last = counts.length - 1;
  if (!isExact && open !== null && last - open[1] <= longestGap) open[1] = last;
  return stretches;
}

function chanceOfNone(trials: number, good: number, tried: number): number {
  let chance = 1;
  for (let i = 0; i < tried && chance > 1e-12; i++) chance *= (trials - good - i) / (trials - i);
  return chance;
}

function valuesOf(column: ParameterColumn, [first, last]: readonly [number, number]): Values {
  const { parameter, axis, edges, isExact, coordinates, slots } = column;
  if (parameter.type === 'categorical') {
    const choices = parameter.choices.filter((_, k) => {
      const coordinate = (k + 0.5) / axis.cells;
      return coordinate >= edges[first]! && coordinate < edges[last + 1]!;
    });
    return { low: null, high: null, choices };
  }
  const middle = (k: number) => axis.decode((edges[k]! + edges[k + 1]!) / 2) as number;
  if (isExact) return { low: middle(first), high: middle(last), choices: null };
  let low = 1;
  let high = 0;
  for (let i = 0; i < slots.length; i++) {
    if (slots[i]! < first || slots[i]! > last) continue;
    low = Math.min(low, coordinates[i]!);
    high = Math.max(high, coordinates[i]!);
  }
  if (Number.isFinite(axis.cells)) {
    return { low: axis.decode(low) as number, high: axis.decode(high) as number, choices: null };
  }
  return {
    low: first === 0 ? parameter.low : roundedEdge(column, first, Math.ceil),
    high: last === edges.length - 2 ? parameter.high : roundedEdge(column, last + 1, Math.floor),
    choices: null,
  };
}

/** The edge of a slot as a short number, rounded into the range that it ends, by half a slot at most. */
function roundedEdge({ axis, edges }: ParameterColumn, k: number, round: (value: number) => number): number {
  const edge = axis.decode(edges[k]!) as number;
  const slotBelow = edge - (axis.decode(edges[k - 1]!) as number);
  const digit = 10 ** Math.floor(Math.log10(slotBelow / 2));
  return digit > 0 ? Number((round(edge / digit) * digit).toPrecision(12)) : edge;
}

/** Rounding noise of decoding and encoding. */
const noise = 1e-9;

function placesWithin(
  column: ParameterColumn,
  { low, high }: Values,
  slots: readonly [number, number],
): number[] {
  const { axis, coordinates } = column;
  const from = low === null ? 0 : axis.encode(low) - noise;
  const to = high === null ? 1 : axis.encode(high) + noise;
  const places: number[] = [];
  column.slots.forEach((slot, i) => {
    if (slot < slots[0] || slot > slots[1]) return;
    if (coordinates[i]! >= from && coordinates[i]! <= to) places.push(i);
  });
  return places;
}

function describe(
  { order, objectives, durationsMs, goodCount }: Evidence,
  { parameter }: ParameterColumn,
  found: Values & Pick<UselessRange, 'slots' | 'places' | 'pValue'>,
): UselessRange {
  const { places } = found;
  const there = places.map((i) => order.trials[i]!);
  const bestValues = Object.fromEntries(
    objectives.map((objective) => [objective.metric, bestValue(objective, there)]),
  );
  const deviceHours = hoursOf(places.reduce((sum, i) => sum + durationsMs[i]!, 0));
  const [objective] = objectives as [Objective];
  const failure =
    objectives.length > 1
      ? `none of these trials was among the ${showCount(goodCount, 'trial')} on the front or nearest to it`
      : shortfall(objective, bestValues[objective.metric]!, bestValue(objective, order.trials)!, goodCount);
  const cost = deviceHours > 0 ? `; that took ${showHours(deviceHours)}` : '';
  const times = places.length.toLocaleString('en-US');
  return {
    ...found,
    parameter: parameter.name,
    trials: places.length,
    bestValues,
    deviceHours,
    sentence: `\`${parameter.name}\` ${showValues(found)} was tried ${times} times and ${failure}${cost}.`,
  };
}

function shortfall({ metric }: Objective, there: number | null, best: number, goodCount: number): string {
  if (there === null) return 'never gave a valid result';
  const values = `${showNumber(there)} there, ${showNumber(best)} elsewhere`;
  const gap = Math.abs(there - best) / Math.abs(best);
  if (gap >= 1) return `never came near the best \`${metric}\` (${values})`;
  // Falls through for NaN too: the best is 0 or infinite.
  if (gap >= 0.01) return `never came within ${Math.floor(100 * gap)}% of the best \`${metric}\` (${values})`;
  return `none of these trials was among the best ${goodCount.toLocaleString('en-US')} by \`${metric}\` (${values})`;
}

const mostShown = 5;

export function showValues({ low, high, choices }: Values): string {
  if (choices !== null) {
    const shown = choices.slice(0, mostShown).map((choice) => JSON.stringify(choice));
    const more = choices.length - shown.length;
    return joinWords(more === 0 ? shown : [...shown, `${more.toLocaleString('en-US')} more`]);
  }
  return low === high ? showNumber(low!) : `between ${showNumber(low!)} and ${showNumber(high!)}`;
}
