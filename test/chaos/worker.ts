import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Study, type Trial, TrialgraphError } from '../../src/client/index.ts';
import { createRandom } from '../../src/core/random.ts';
import { faultyFetch } from './faulty-fetch.ts';
import { Ledger } from './ledger.ts';
import { finalLoss, oddValue, workerLoss } from './reported-values.ts';

// Entry of a worker outside the server: runs the trials of all studies of the project, and writes down what was
// acknowledged. It ends, once it is told to, when no study of the project runs any more.

export interface WorkerSettings {
  readonly url: string;
  readonly project: string;
  readonly leaseSeconds: number;
  readonly ledgers: string;
  readonly name: string;
  readonly seed: number;
}

const settings = JSON.parse(process.argv[2]!) as WorkerSettings;
const { project, leaseSeconds, name } = settings;
const steps = 15;
const stepMs = 40;

const ledger = new Ledger(settings.ledgers, name);
const client = createClient({
  url: settings.url,
  timeoutMs: 10_000,
  retryForMs: 120_000,
  fetch: faultyFetch(createRandom(settings.seed), (fault) => ledger.write({ kind: 'fault', fault })),
});

let mayEnd = false;
process.on('message', () => {
  mayEnd = true;
});
for (;;) {
  const isLastLook = mayEnd;
  const studies = await unfinishedStudies();
  if (studies.length === 0 && isLastLook) break;
  await Promise.all(studies.map((study) => study.optimize(run, { worker: name, leaseSeconds })));
  await sleep(200);
}
process.disconnect();

async function unfinishedStudies(): Promise<Study[]> {
  const { items } = await client.studies.page({ filter: { project, states: ['CREATED', 'RUNNING'] } });
  return [...items];
}

async function run(trial: Trial): Promise<void> {
  const { attempt } = trial.data;
  const identity = { trial: trial.id, attempt };
  ledger.write({ kind: 'asked', ...identity });
  try {
    for (let step = (await restoredStep(trial)) + 1; step <= steps; step++) {
      ledger.write({ kind: 'reporting', ...identity, step });
      const { stored } = await trial.report(step, {
        loss: workerLoss(trial.id, attempt, step),
        odd: oddValue(attempt, step),
      });
      if (stored) ledger.write({ kind: 'reported', ...identity, step });
      if (trial.shouldPause) await save(trial, step);
      if (trial.shouldStop) return; // `optimize` gives it back, or prunes it
      if (step % 5 === 0) await leaveTraces(trial, step);
      await sleep(stepMs);
    }
    const loss = finalLoss(trial.id, attempt);
    await trial.complete({ loss });
    ledger.write({ kind: 'told', ...identity, loss });
  } catch (error) {
    if (error instanceof TrialgraphError && error.code === 'CONFLICT')
      ledger.write({ kind: 'refused', ...identity });
    throw error;
  }
}

async function leaveTraces(trial: Trial, step: number): Promise<void> {
  const { attempt } = trial.data;
  const identity = { trial: trial.id, attempt };
  const line = `attempt ${attempt} at step ${step}`;
  await trial.log(line);
  ledger.write({ kind: 'logged', ...identity, line });
  const fileName = `step ${step} of attempt ${attempt}`;
  const content = `${trial.id}: ${fileName}\n`.repeat(50);
  await despiteFullDisk(() => trial.upload(fileName, content));
  const sha256 = createHash('sha256').update(content).digest('hex');
  ledger.write({ kind: 'uploaded', ...identity, name: fileName, sha256 });
  await save(trial, step);
}

async function save(trial: Trial, step: number): Promise<void> {
  const checkpoint = { trial: trial.id, attempt: trial.data.attempt, step };
  await despiteFullDisk(() => trial.checkpoint(JSON.stringify(checkpoint)));
  ledger.write({ kind: 'saved', ...checkpoint });
}

async function restoredStep(trial: Trial): Promise<number> {
  const bytes = await trial.restore();
  if (bytes === null) return 0;
  const saved = JSON.parse(Buffer.from(bytes).toString()) as { trial: string; step: number };
  if (saved.trial !== trial.id) throw new Error(`The checkpoint of ${trial.id} is that of ${saved.trial}.`);
  ledger.write({ kind: 'restored', trial: trial.id, attempt: trial.data.attempt, step: saved.step });
  return saved.step;
}

async function despiteFullDisk(store: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await store();
      return;
    } catch (error) {
      if (!(error instanceof TrialgraphError && error.code === 'INSUFFICIENT_STORAGE')) throw error;
      await sleep(100);
    }
  }
}
