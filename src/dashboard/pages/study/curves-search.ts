import { readCurveAxes } from '../../parts/curve-axis-search.ts';
import {
  compact,
  type RawSearch,
  readFlag,
  readList,
  readNumber,
  readOneOf,
  readText,
} from '../../shell/search-params.ts';

/** Whose curves are shown: the newest trials, those that run, the best, or those that are named. */
export const curveChoices = ['newest', 'running', 'best', 'chosen'] as const;

export type CurveChoice = (typeof curveChoices)[number];

export function readCurvesSearch(raw: RawSearch) {
  return compact({
    /** Absent: the objectives, or what there is. */
    metrics: readList(readText, raw.metrics),
    show: readOneOf(curveChoices, raw.show),
    /** How many of the newest or best. */
    count: readNumber(raw.count),
    /** The numbers of chosen trials. */
    trials: readList(readNumber, raw.trials),
    ...readCurveAxes(raw),
    logX: readFlag(raw.logX),
    /** 0 to 0.99. */
    smoothing: readNumber(raw.smoothing),
  });
}
