import { offerDatasets } from '../../trainables/datasets/load-dataset.ts';
import type { FromHost, ProcessSetup, ToHost } from './host-messages.ts';
import { hostTrials } from './host-trials.ts';

// Entry of a process that runs one trial.

const setup = JSON.parse(process.argv[2]!) as ProcessSetup;
offerDatasets(setup.datasetsDir);

// The server is gone, or has given this trial up.
process.on('disconnect', () => process.exit());

// What the trial's code throws outside of `run`.
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(1);
});

await hostTrials(setup, {
  post: (message) => {
    if (message.type !== 'ended') send(message);
    // Its code may have left something that would keep the process alive.
    else send({ ...message, peakBytes: process.resourceUsage().maxRSS * 1024 }, () => process.exit());
  },
  listen: (onMessage) => process.on('message', (message) => onMessage(message as ToHost)),
  close: () => process.disconnect(),
});

function send(message: FromHost, onSent?: () => void): void {
  process.send!(message, undefined, undefined, onSent);
}
