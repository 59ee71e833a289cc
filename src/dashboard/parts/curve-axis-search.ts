import { curveAxes } from '../charts/curves/curve-view.ts';
import { type RawSearch, readFlag, readOneOf, readRange } from '../shell/search-params.ts';

/** How curves are drawn, as far as all pages that have some keep it in their address. */
export function readCurveAxes(raw: RawSearch) {
  return {
    /** Steps where absent. */
    axis: readOneOf(curveAxes, raw.axis),
    logY: readFlag(raw.logY),
    /** The shown range of the axis; all of it where absent. */
    zoom: readRange(raw.zoom),
  };
}
