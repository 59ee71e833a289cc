import type { Colors } from 'picocolors/types.js';
import type { TrialState } from '../../client/index.ts';

/** WAITING: the study has not made this trial yet. */
export type ShownState = TrialState | 'WAITING';

export function stateWord(state: ShownState): string {
  return state === 'QUEUED' ? 'waiting' : state.toLowerCase();
}

export function stateColor(state: ShownState, colors: Colors): (text: string) => string {
  switch (state) {
    case 'COMPLETED':
      return colors.green;
    case 'PRUNED':
      return colors.yellow;
    case 'RUNNING':
      return colors.cyan;
    case 'INFEASIBLE':
      return colors.magenta;
    case 'FAILED':
      return colors.red;
    case 'QUEUED':
    case 'WAITING':
    case 'CANCELLED':
      return colors.dim;
  }
}
