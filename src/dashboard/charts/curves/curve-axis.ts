import type uPlot from 'uplot';
import { formatDuration } from '../../format/duration.ts';
import { plotAxis } from '../parts/plot-axes.ts';
import type { PlotColors } from '../parts/plot-colors.ts';
import type { CurveView } from './curve-view.ts';

const relativeSteps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5,
  72e5, 216e5, 432e5, 864e5, 1728e5, 6048e5,
];

/** The axis along which curves are drawn, with marks that suit it; `spanMs` is how long it is where it is one of wall time. */
export function curveAxis(colors: PlotColors, view: CurveView, spanMs: () => number): uPlot.Axis {
  if (view.axis === 'step')
    return plotAxis(colors, 'step', { side: 'x', isWhole: !view.logX, isLog: view.logX });
  if (view.axis === 'relative') {
    const axis = plotAxis(colors, 'time since its start', {
      side: 'x',
      isLog: view.logX,
      format: formatDuration,
    });
    return view.logX ? axis : { ...axis, incrs: relativeSteps };
  }
  return plotAxis(colors, 'time', { side: 'x', format: (ms) => clock(ms, spanMs()) });
}

function clock(ms: number, spanMs: number): string {
  if (spanMs > 2 * 86_400_000) {
    return new Date(ms).toLocaleDateString('en', { month: 'short', day: 'numeric' });
  }
  const seconds = spanMs < 600_000 ? { second: '2-digit' as const } : {};
  return new Date(ms).toLocaleTimeString('en', {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...seconds,
  });
}
