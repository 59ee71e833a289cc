import type { Serializable } from 'node:child_process';
import { offeredFolder } from '../../trainables/datasets/load-dataset.ts';
import { entryPoint } from '../../trainables/entry-point.ts';
import { offeredModels } from '../../trainables/models/saved-models.ts';
import { cudaVisibleDevices } from '../../trainables/placed-device.ts';
import { readOutput } from '../processes/output-lines.ts';
import { describeEnd, type ProcessEnd } from '../processes/process-end.ts';
import type { ProcessGroup, ProcessGroups } from '../processes/process-group.ts';
import { programEnvironment } from '../processes/program-environment.ts';
import type { FromHost, HostSetup, ProcessSetup, RunOrder, RunOutcome, ToHost } from './host-messages.ts';
import { readMessage } from './read-message.ts';
import type { Run, RunListener, TrialPool } from './trial-pool.ts';

export interface ProcessPoolOptions extends Omit<HostSetup, 'modelsDir' | 'giveUpMs'> {
  readonly groups: ProcessGroups;
  /** How long a trial may take to react to a stop, and then once more to SIGTERM. */
  readonly stopGraceMs: number;
}

/** After it has said how it ended, or has closed its channel, it has nothing more to do. */
const exitGraceMs = 2000;
const errorLines = 20;

/**
 * Runs each trial in a process of its own: its peak of memory is the trial's, and what it does to its process, be it
 * that it crashes, is done to no other.
 */
export class ProcessPool implements TrialPool {
  readonly #options: ProcessPoolOptions;
  readonly #running = new Set<TrialProcess>();

  constructor(options: ProcessPoolOptions) {
    this.#options = options;
  }

  run(order: RunOrder, listener: RunListener): Run {
    const process = new TrialProcess(this.#options, order, listener);
    this.#running.add(process);
    void process.outcome.then(() => this.#running.delete(process));
    return process;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((process) => process.close()));
  }
}

class TrialProcess implements Run {
  readonly outcome: Promise<RunOutcome>;
  readonly #trialId: number;
  readonly #listener: RunListener;
  readonly #group: ProcessGroup;
  readonly #stopGraceMs: number;
  /** The last lines of its standard error: where it crashes, they say why. */
  readonly #lastErrors: string[] = [];
  #told: RunOutcome | null = null;
  #peakBytes: number | null = null;
  #isStopped = false;
  #hasEnded = false;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: ProcessPoolOptions, order: RunOrder, listener: RunListener) {
    const { groups, stopGraceMs, ...host } = options;
    const folders = { datasetsDir: offeredFolder(), modelsDir: offeredModels() };
    const setup: ProcessSetup = { ...host, ...folders, giveUpMs: null };
    this.#trialId = order.trialId;
    this.#listener = listener;
    this.#stopGraceMs = stopGraceMs;
    const { path, execArgv } = entryPoint('trial-process', import.meta.url);
    this.#group = groups.start(process.execPath, [...execArgv, path, JSON.stringify(setup)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: { ...programEnvironment(), CUDA_VISIBLE_DEVICES: cudaVisibleDevices(order.device) },
    });
    const { child } = this.#group;
    if (child?.pid !== undefined) {
      readOutput(child.stdout!, { onText: (text) => listener.onLog(text) });
      readOutput(child.stderr!, { onText: (text) => this.#onErrorText(text) });
      child.on('message', (message) => this.#onMessage(readMessage(message)));
      child.on('disconnect', () => this.#killAfter(exitGraceMs));
      // Datasets lie in memory that processes cannot share: it loads them itself.
      this.#send({ type: 'run', order: { ...order, datasets: null } });
    }
    this.outcome = this.#group.ended.then((end) => this.#outcomeOf(end));
  }

  get peakBytes(): number | null {
    const sampled = this.#group.peakBytes;
    return this.#peakBytes === null ? sampled : Math.max(this.#peakBytes, sampled ?? 0);
  }

  stop(): void {
    if (this.#isStopped || this.#hasEnded) return;
    this.#isStopped = true;
    this.#send({ type: 'stop', trialId: this.#trialId });
    this.#after(this.#stopGraceMs, () => this.#group.end(this.#stopGraceMs));
  }

  pause(): void {
    this.#send({ type: 'pause', trialId: this.#trialId });
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    this.#group.kill();
    await this.outcome;
  }

  #send(message: ToHost): void {
    const { child } = this.#group;
    // One that has closed its channel is about to end, or is ended for it.
    if (child?.connected) child.send(message as unknown as Serializable, () => {});
  }

  #onMessage(message: FromHost | null): void {
    switch (message?.type) {
      case 'unusable':
        this.#told = { state: 'FAILED', error: message.reason };
        this.#group.kill();
        return;
      case 'report':
        this.#listener.onReport(message.report);
        return;
      case 'resumable':
        this.#listener.onResumable();
        return;
      case 'checkpoint':
        this.#listener.onCheckpoint(message.bytes);
        return;
      case 'artifact':
        void this.#listener
          .onArtifact(message.file)
          .then((fault) =>
            this.#send({ type: 'artifact', trialId: this.#trialId, request: message.request, fault }),
          );
        return;
      case 'log':
        this.#listener.onLog(message.line);
        return;
      case 'ended':
        this.#told = message.outcome;
        this.#peakBytes = message.peakBytes ?? null;
        this.#killAfter(exitGraceMs);
    }
  }

  #onErrorText(text: string): void {
    this.#lastErrors.push(text);
    if (this.#lastErrors.length > errorLines) this.#lastErrors.shift();
    this.#listener.onLog(text);
  }

  #killAfter(delayMs: number): void {
    this.#after(delayMs, () => this.#group.kill());
  }

  #after(delayMs: number, act: () => void): void {
    this.#timers.add(setTimeout(act, delayMs));
  }

  #outcomeOf(end: ProcessEnd): RunOutcome {
    this.#hasEnded = true;
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#told !== null) return this.#told;
    if (this.#isStopped) return { state: 'STOPPED' };
    const words = `The process of this trial ${describeEnd(end)}.`;
    const lastErrors = this.#lastErrors.join('\n');
    if (end.how === 'signal' && end.outOfMemory)
      return { state: 'INFEASIBLE', error: `Out of memory: ${words}` };
    if (/JavaScript heap out of memory|Allocation failed/.test(lastErrors)) {
      const error = `Out of memory: ${words} Its JavaScript heap was full; NODE_OPTIONS=--max-old-space-size=MB of the server makes it larger.`;
      return { state: 'INFEASIBLE', error };
    }
    const called = end.how === 'code' ? ' Its code, or a library, called process.exit.' : '';
    return {
      state: 'FAILED',
      error: [`${words}${lastErrors === '' ? called : ''}`, lastErrors].join('\n').trim(),
    };
  }
}
