import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { resolvedColor, type Scheme } from '../../theme/chart-palette.ts';
import { trialStates } from '../../theme/trial-states.ts';

/** What a canvas needs of the theme, as it is in the scheme of now. */
export interface PlotColors {
  readonly scheme: Scheme;
  readonly text: string;
  readonly dim: string;
  readonly faint: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly surface: string;
  readonly accent: string;
  readonly completed: string;
  readonly pruned: string;
  readonly infeasible: string;
  readonly failed: string;
  readonly cancelled: string;
  readonly running: string;
  readonly queued: string;
}

export const plotFont = '11px "Inter Variable", system-ui, sans-serif';

export function usePlotColors(): PlotColors {
  const scheme = useComputedColorScheme('light');
  return useMemo(() => {
    // The attribute that `light-dark()` follows is set before components are told.
    return {
      scheme,
      text: resolvedColor('--text'),
      dim: resolvedColor('--text-dim'),
      faint: resolvedColor('--text-faint'),
      line: resolvedColor('--line'),
      lineStrong: resolvedColor('--line-strong'),
      surface: resolvedColor('--surface'),
      accent: resolvedColor('--accent'),
      completed: resolvedColor(trialStates.COMPLETED.color),
      pruned: resolvedColor(trialStates.PRUNED.color),
      infeasible: resolvedColor(trialStates.INFEASIBLE.color),
      failed: resolvedColor(trialStates.FAILED.color),
      cancelled: resolvedColor(trialStates.CANCELLED.color),
      running: resolvedColor(trialStates.RUNNING.color),
      queued: resolvedColor(trialStates.QUEUED.color),
    };
  }, [scheme]);
}
