import type { OptionKind } from './option.ts';

/** How often and after what time trials are started again; as the server has it for a study that says nothing. */
export const retryOptions: OptionKind = {
  name: 'retries',
  hint: 'how often trials are started again',
  options: [
    {
      name: 'lost',
      label: 'Retries of a lost trial',
      kind: 'number',
      usual: '3',
      help: 'Its worker or server died.',
      integer: true,
      min: 0,
      max: 1000,
    },
    {
      name: 'failed',
      label: 'Retries of a failed trial',
      kind: 'number',
      usual: '0',
      help: 'Its code threw an error.',
      integer: true,
      min: 0,
      max: 1000,
    },
    {
      name: 'delaySeconds',
      label: 'Back-off, seconds',
      kind: 'number',
      usual: '1',
      help: 'Before a retry; each time twice as long.',
      min: 0,
      max: 604_800,
    },
    {
      name: 'maxDelaySeconds',
      label: 'Longest back-off, seconds',
      kind: 'number',
      usual: '300',
      help: 'It grows no further.',
      min: 0,
      max: 604_800,
    },
  ],
};
