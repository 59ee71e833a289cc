import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import classes from './line-plot.module.css';

export interface LinePlotProps {
  /** What a screen reader says. */
  readonly label: string;
  readonly height: number;
  /** Another object makes the plot anew. */
  readonly options: Omit<uPlot.Options, 'width' | 'height'>;
  readonly data: uPlot.AlignedData;
  /** Given the plot when it is made, and null when it is gone. */
  readonly onPlot?: (plot: uPlot | null) => void;
}

/** A uPlot as wide as there is room. */
export function LinePlot({ label, height, options, data, onPlot }: LinePlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ data, onPlot });
  latest.current = { data, onPlot };

  useEffect(() => {
    const target = box.current!;
    const made = new uPlot({ ...options, width: target.clientWidth, height }, latest.current.data, target);
    plot.current = made;
    latest.current.onPlot?.(made);
    const observer = new ResizeObserver(() => {
      if (target.clientWidth !== made.width) made.setSize({ width: target.clientWidth, height });
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
      latest.current.onPlot?.(null);
      plot.current = null;
      made.destroy();
    };
  }, [options, height]);

  useEffect(() => {
    // A plot that was made with these data has drawn them.
    if (plot.current !== null && plot.current.data !== data) show(plot.current, data);
  }, [data]);

  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      className={classes.plot}
      style={{ height }}
      data-clickable={options.hooks?.ready ? true : undefined}
    />
  );
}

/** Shows other data; where the viewer has zoomed in, the range stays. */
function show(plot: uPlot, data: uPlot.AlignedData): void {
  const { min, max } = plot.scales.x!;
  const before = plot.data[0];
  const isZoomed = before.length > 0 && (min !== before[0] || max !== before.at(-1));
  plot.setData(data, !isZoomed);
  if (isZoomed) plot.redraw();
}
