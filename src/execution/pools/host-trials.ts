import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { OperatorError } from '../../core/errors.ts';
import {
  isOutOfMemory,
  isOutOfMemoryText,
  type LoadedBackend,
  OutOfMemory,
} from '../../trainables/backends/backend.ts';
import { loadBackend } from '../../trainables/backends/load-backend.ts';
import type { RunMeter } from '../../trainables/backends/run-meter.ts';
import { keepDataset } from '../../trainables/datasets/load-dataset.ts';
import { offerModels } from '../../trainables/models/saved-models.ts';
import { readTrainables } from '../../trainables/own/installed-trainables.ts';
import { type Trainable, TrialDiverged, TrialStopped } from '../../trainables/trainable.ts';
import type { FromHost, HostSetup, RunOrder, RunOutcome, ToHost } from './host-messages.ts';
import { HostedTrial } from './hosted-trial.ts';
import { readValues } from './read-report.ts';
import { watchStrayErrors } from './stray-errors.ts';

/** The line to the server. */
export interface HostPort {
  post(message: FromHost, transfer?: readonly ArrayBuffer[]): void;
  listen(onMessage: (message: ToHost) => void): void;
  /** Hears no more: the thread or process ends when nothing is under way in it. */
  close(): void;
}

interface HostedRun {
  readonly trial: HostedTrial;
  readonly meter: RunMeter;
  /** Ends it, whatever its code does. */
  end(outcome: RunOutcome): void;
}

/** What fails by the loss of a device may do so before the device says that it is lost. */
const lossMs = 100;

/** Runs the trials that the server sends to this thread or process, several of them interleaved when asked to. */
export async function hostTrials(setup: HostSetup, port: HostPort): Promise<void> {
  const runs = new Map<number, HostedRun>();
  /** Trials whose code has not ended, though they may have. */
  const working = new Set<HostedTrial>();
  const { backend, backendOptions, trainablesDir, modelsDir, giveUpMs } = setup;
  const runCode = watchStrayErrors<HostedRun>(
    giveUpMs === null ? null : (error, { trial, end }) => end(toOutcome(error, trial)),
  );
  offerModels(modelsDir);
  try {
    const { trainables, faults } = await readTrainables(trainablesDir);
    const loaded = await loadBackend(backend, backendOptions);
    port.listen((message) => {
      if (message.type === 'close') close();
      else if (message.type === 'run')
        void run(
          message.order,
          trainables.get(message.order.trainable) ?? gone(message.order, faults),
          loaded,
        );
      else if (message.type === 'artifact') runs.get(message.trialId)?.trial.onArtifact(message);
      else if (message.type === 'stop') stop(message.trialId);
      else runs.get(message.trialId)?.trial.pause();
    });
    void loaded.lost?.then(loseAll);
    port.post({ type: 'ready', device: loaded.device });
  } catch (error) {
    port.post({ type: 'unusable', reason: describe(error) });
  }

  /** @param trainable an error: why there is none of that name */
  async function run(order: RunOrder, trainable: Trainable | Error, loaded: LoadedBackend): Promise<void> {
    const { trialId } = order;
    const meter = loaded.runs.measureRun();
    const trial = new HostedTrial(order, loaded.tf, meter, port.post);
    const outcome = await new Promise<RunOutcome>((end) => {
      const hosted = { trial, meter, end };
      runs.set(trialId, hosted);
      working.add(trial);
      runCode(hosted, () => meter.run(() => start(order, trainable, trial)))
        .finally(() => working.delete(trial))
        .then(
          (values) => end({ state: 'COMPLETED', values }),
          async (error: unknown) => {
            const outcome = toOutcome(error, trial);
            if (outcome.state === 'FAILED' && loaded.lost !== null) await delay(lossMs);
            end(outcome);
          },
        );
    });
    runs.delete(trialId);
    trial.end();
    meter.end();
    // Code without tensors has memory all the same, which is not measured.
    const peak = meter.peakBytes > 0 ? { peakBytes: meter.peakBytes } : {};
    port.post({ type: 'ended', trialId, outcome, ...peak });
  }

  function stop(trialId: number): void {
    const run = runs.get(trialId);
    run?.trial.stop();
    if (run === undefined || giveUpMs === null) return;
    // Code that waits for what never comes holds nothing up but its own place.
    const giveUp = () => {
      run.trial.context.log('It did not react to its stop and was given up; what it holds stays in memory.');
      run.end({ state: 'STOPPED' });
    };
    const timer = setTimeout(() => runs.get(trialId) === run && giveUp(), giveUpMs);
    // It must not keep the host alive.
    timer.unref();
  }

  function close(): void {
    for (const trial of working) trial.stop();
    port.close();
  }

  /** Where memory ran out, the run that had most of it was too large; all others may go on elsewhere. */
  function loseAll(reason: string): void {
    const bySize = [...runs.values()].sort((a, b) => b.meter.peakBytes - a.meter.peakBytes);
    const tooLarge = isOutOfMemoryText(reason) ? bySize[0] : undefined;
    for (const run of bySize) {
      const state = run === tooLarge ? 'INFEASIBLE' : 'LOST';
      run.end({ state, error: state === 'LOST' ? reason : `Out of memory: ${reason}` });
    }
    // After the ends of all runs.
    void setImmediate().then(() => port.post({ type: 'lost', reason }));
  }
}

async function start({ datasets, options }: RunOrder, trainable: Trainable | Error, trial: HostedTrial) {
  if (trainable instanceof Error) throw trainable;
  // That it was stopped may have come together with its order, which a thread that has just begun reads late.
  await setImmediate();
  if (trial.isStopped) throw new TrialStopped();
  if (datasets === null) await trainable.prepare(options);
  for (const dataset of datasets ?? []) keepDataset(dataset);
  const values = await trainable.run(trial.context);
  return values === undefined ? undefined : readValues(values);
}

/** Why a trainable that the server had when it started is not there. */
function gone({ trainable }: RunOrder, faults: readonly string[]): Error {
  const lines = [
    `The trainable "${trainable}" is not in trainablesDir any more, or cannot be loaded.`,
    ...faults,
  ];
  return new OperatorError(lines.join('\n'));
}

/** Never throws, though code may throw anything: what it throws may throw in turn when it is looked at. */
function toOutcome(error: unknown, trial: HostedTrial): RunOutcome {
  try {
    return readOutcome(error, trial);
  } catch {
    return {
      state: 'FAILED',
      error: 'Its code threw something that cannot be shown as text; throw an Error.',
    };
  }
}

function readOutcome(error: unknown, trial: HostedTrial): RunOutcome {
  if (error instanceof TrialStopped && trial.isPaused) return { state: 'PAUSED' };
  if (error instanceof TrialStopped || trial.isStopped) return { state: 'STOPPED' };
  if (isOutOfMemory(error)) return { state: 'INFEASIBLE', error: describe(error) };
  const failure = { state: 'FAILED', error: describe(error) } as const;
  return error instanceof TrialDiverged ? { ...failure, retry: false } : failure;
}

function describe(error: unknown): string {
  // The settings are the reason; where in the code it showed does not matter.
  if (error instanceof TrialDiverged || error instanceof OutOfMemory) return error.message;
  if (error instanceof OperatorError) return error.message;
  if (isOutOfMemory(error)) return `Out of memory: ${(error as Error).message}`;
  return String(error instanceof Error ? (error.stack ?? error.message) : error);
}
