import type { Change } from '../shell/search-params.ts';
import { useSettled } from '../shell/use-settled.ts';
import type { readCurveAxes } from './curve-axis-search.ts';

type CurveAxes = Change<ReturnType<typeof readCurveAxes>>;

/** The zoom that all curves of a page share: it follows the pointer at once, and the address when it rests. */
export function useCurveZoom<Search extends CurveAxes>(
  search: Search,
  change: (part: Change<Search>) => void,
) {
  const [zoom, setZoom] = useSettled(search.zoom, (range) => change({ zoom: range } as Change<Search>));
  return {
    zoom: zoom ?? null,
    onZoom: (range: readonly [number, number] | null) => setZoom(range ?? undefined),
    /** For `CurveAxisControls`. */
    axes: {
      search: { ...search, zoom },
      onChange: (part: Change<Search>) => {
        if ('zoom' in part) setZoom(part.zoom);
        change(part);
      },
    },
  };
}
