/** What the code of a trial does wrong, and how the trial must end. */
export const userFaults = {
  'an exception': { share: 14, state: 'FAILED', error: /chaos: an exception/ },
  'a rejected promise': { share: 12, state: 'FAILED', error: /chaos: a rejected promise/ },
  'a rejection that nobody awaits': { share: 10, state: 'FAILED', error: /chaos: a rejection/ },
  'process.exit': { share: 10, state: 'FAILED', error: /code 7/ },
  'an allocation too large': { share: 10, state: 'INFEASIBLE', error: /allocation failed/i },
  'a full heap': { share: 3, state: 'INFEASIBLE', error: /out of memory/i },
  'an infinite loop': { share: 3, state: 'CANCELLED', error: null },
} as const;

export type UserFault = keyof typeof userFaults;

/** The fault of a trial with the parameter `draw`, 0 to 99; null: it is a healthy one. */
export function faultOfDraw(draw: number): UserFault | null {
  let end = 0;
  for (const [fault, { share }] of Object.entries(userFaults)) {
    end += share;
    if (draw < end) return fault as UserFault;
  }
  return null;
}
