import { CustomChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import { GridComponent, ParallelComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what the charts use is bundled.
echarts.use([
  ScatterChart,
  LineChart,
  CustomChart,
  ParallelChart,
  GridComponent,
  ParallelComponent,
  TooltipComponent,
  CanvasRenderer,
]);

export const createChart = echarts.init;
export type { EChartsType } from 'echarts/core';
