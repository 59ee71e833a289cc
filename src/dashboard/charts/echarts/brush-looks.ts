import type { PlotColors } from '../parts/plot-colors.ts';
import type { EChartsType } from './echarts.ts';

/** What ECharts draws of a brush: a group with the brush's option, and in it the rectangle named `main`. */
interface Drawn {
  readonly name?: string;
  readonly parent?: { readonly __brushOption?: object } | null;
  readonly style: { readonly fill?: unknown };
  setStyle(style: object): void;
}

/**
 * Draws the brushes of a chart as a tint over the lines. ECharts 6 forgets `areaSelectStyle` when it draws a brush
 * again, and takes an opaque grey, which hides what was chosen.
 */
export function tintBrushes(chart: EChartsType, { accent }: PlotColors): void {
  for (const shape of chart.getZr().storage.getDisplayList() as unknown as Drawn[]) {
    if (shape.name !== 'main' || shape.parent?.__brushOption === undefined) continue;
    // Each change is drawn, and tells of it: one that is made already must not be made again.
    if (shape.style.fill !== accent)
      shape.setStyle({ fill: accent, stroke: accent, opacity: 0.3, lineWidth: 1 });
  }
}
