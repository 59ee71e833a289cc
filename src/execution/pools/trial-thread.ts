import { setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import type { ThreadSetup } from './host-messages.ts';
import { hostTrials } from './host-trials.ts';

// Entry of a thread that runs trials.

// Training must not make the server's own thread wait for a core: on Linux pid 0 is the calling thread alone.
if (process.platform === 'linux') setPriority(0, 10);

const { port, ...setup } = workerData as ThreadSetup;
await hostTrials(setup, {
  post: (message, transfer) => port.postMessage(message, transfer),
  listen: (onMessage) => port.on('message', onMessage),
  close: () => port.close(),
});
