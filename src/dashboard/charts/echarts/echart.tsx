import type { EChartsOption } from 'echarts';
import { useEffect, useRef } from 'react';
import { createChart, type EChartsType } from './echarts.ts';

export interface EChartProps {
  /** What a screen reader says. */
  readonly label: string;
  readonly height: number;
  readonly option: EChartsOption;
  /** Given the trial's number that a clicked mark has as `name`. */
  readonly onTrial?: ((number: number) => void) | undefined;
  /** Given the chart when it is made. */
  readonly onChart?: ((chart: EChartsType) => void) | undefined;
}

/** An ECharts chart as wide as there is room. It is still: nothing in it moves by itself. */
export function EChart({ label, height, option, onTrial, onChart }: EChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef({ onTrial, onChart });
  latest.current = { onTrial, onChart };

  useEffect(() => {
    const made = createChart(box.current!);
    chart.current = made;
    made.on('click', ({ name }) => {
      if (/^\d+$/.test(name)) latest.current.onTrial?.(Number(name));
    });
    latest.current.onChart?.(made);
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      chart.current = null;
      made.dispose();
    };
  }, []);

  useEffect(() => chart.current?.setOption({ animation: false, ...option }, { notMerge: true }), [option]);

  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}
