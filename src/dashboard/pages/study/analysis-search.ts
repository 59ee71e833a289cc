import {
  type Change,
  compact,
  type RawSearch,
  readFlag,
  readList,
  readNumber,
  readOneOf,
  readText,
} from '../../shell/search-params.ts';

export const analysisCharts = [
  'front',
  'parallel',
  'slices',
  'plane',
  'distribution',
  'timeline',
  'weights',
  'map',
] as const;

export type AnalysisChart = (typeof analysisCharts)[number];

export const planeModes = ['contour', 'rank'] as const;
export const weighings = ['linear', 'tchebycheff'] as const;

export function readAnalysisSearch(raw: RawSearch) {
  return compact({
    /** Absent: the front where there are several objectives, else parallel coordinates. */
    chart: readOneOf(analysisCharts, raw.chart),
    /** The metric that charts are about; absent: the first objective. */
    objective: readText(raw.objective),
    /** Whether the axes of objectives are logarithmic. */
    log: readFlag(raw.log),
    /** The parameters that are shown where there are many; absent: those that matter most. */
    params: readList(readText, raw.params),
    /** Ranges on the axes of parallel coordinates. */
    brush: readList(readBrushRange, raw.brush),
    /** The parameters along the two axes of the plane. */
    x: readText(raw.x),
    y: readText(raw.y),
    plane: readOneOf(planeModes, raw.plane),
    /** How many of the newest trials the timeline passes over. */
    older: readNumber(raw.older),
    weighing: readOneOf(weighings, raw.weighing),
    /** From 0 to 1, in the order of the objectives. */
    weights: readList(readNumber, raw.weights),
  });
}

export type AnalysisSearch = ReturnType<typeof readAnalysisSearch>;

/** A change of the address; undefined takes a part out of it. */
export type AnalysisChange = Change<AnalysisSearch>;

function readBrushRange(value: unknown) {
  if (typeof value !== 'object' || value === null) return undefined;
  const { axis, low, high } = value as Record<string, unknown>;
  const range = { axis: readText(axis), low: readNumber(low), high: readNumber(high) };
  if (range.axis === undefined || range.low === undefined || range.high === undefined) return undefined;
  return { axis: range.axis, low: range.low, high: range.high };
}
