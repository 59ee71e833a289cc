import { useEffect, useRef } from 'react';
import type { Direction } from '../../../client/index.ts';
import classes from '../parts/line-plot.module.css';
import { usePlotColors } from '../parts/plot-colors.ts';
import type { CurveSource, CurveTrial } from './curve-set.ts';
import type { CurveView } from './curve-view.ts';
import { CurvesPlot } from './curves-plot.ts';
import type { Range } from './shown-ranges.ts';

export interface CurvesChartProps {
  readonly set: CurveSource;
  readonly view: CurveView;
  readonly zoom: Range | null;
  readonly direction: Direction | null;
  readonly height: number;
  onZoom(zoom: Range | null): void;
  onOpen(trial: CurveTrial): void;
}

/** The curves of one metric. */
export function CurvesChart({ set, view, zoom, direction, height, onZoom, onOpen }: CurvesChartProps) {
  const colors = usePlotColors();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<CurvesPlot | null>(null);
  const latest = useRef({ zoom, onZoom, onOpen });
  latest.current = { zoom, onZoom, onOpen };
  const { axis, logX, logY, smoothing } = view;

  useEffect(() => {
    const made = new CurvesPlot(box.current!, set, latest.current.zoom, {
      colors,
      view: { axis, logX, logY, smoothing },
      direction,
      height,
      onZoom: (range) => latest.current.onZoom(range),
      onOpen: (trial) => latest.current.onOpen(trial),
    });
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [set, colors, axis, logX, logY, smoothing, direction, height]);

  useEffect(() => plot.current?.setZoom(zoom), [zoom]);

  return <div ref={box} className={classes.plot} data-clickable style={{ height }} />;
}
