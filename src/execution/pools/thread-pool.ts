import { Worker } from 'node:worker_threads';
import type { ArtifactFile } from '../../trainables/artifact.ts';
import { entryPoint } from '../../trainables/entry-point.ts';
import { offeredModels } from '../../trainables/models/saved-models.ts';
import type { FromHost, HostSetup, RunOrder, RunOutcome, ToHost } from './host-messages.ts';
import type { Run, RunListener, TrialPool } from './trial-pool.ts';

export interface ThreadPoolOptions extends Omit<HostSetup, 'modelsDir'> {
  /** One thread for all trials, as GPU backends need, or a thread a trial. */
  readonly sharedThread: boolean;
  readonly stopGraceMs: number;
  /**
   * Of threads that are kept ready for the next trial: no more than this many threads in all. A thread takes a second
   * to load its backend, a trial in one that is loaded starts in milliseconds. 0: threads start with their first trial.
   */
  readonly warmThreads: number;
}

interface ActiveRun {
  readonly listener: RunListener;
  settle(outcome: RunOutcome): void;
  onPeak(bytes: number): void;
}

/** Threads that run trials. They are started when first needed and kept, with their backend loaded. */
export class ThreadPool implements TrialPool {
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<TrialThread>();

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  run(order: RunOrder, listener: RunListener): Run {
    const thread = this.#threadForNextRun();
    let peakBytes: number | null = null;
    // A shared thread is never ended by force: other trials live in it, and a busy GPU takes the process with it.
    const graceMs = this.#options.sharedThread ? null : this.#options.stopGraceMs;
    const outcome = thread.run(order, listener, (bytes) => {
      peakBytes = bytes;
    });
    this.warm();
    return {
      outcome,
      get peakBytes() {
        return peakBytes;
      },
      stop: () => thread.stop(order.trialId, graceMs),
      pause: () => thread.pause(order.trialId),
    };
  }

  /** Starts a thread for the next trial, unless one is ready for it. */
  warm(): void {
    const { sharedThread, warmThreads } = this.#options;
    const isReady = [...this.#threads].some((thread) => sharedThread || thread.isIdle);
    if (!isReady && this.#threads.size < warmThreads) this.#startThread();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.close()));
  }

  #threadForNextRun(): TrialThread {
    for (const thread of this.#threads) {
      if (this.#options.sharedThread || thread.isIdle) return thread;
    }
    return this.#startThread();
  }

  #startThread(): TrialThread {
    const { backend, backendOptions, trainablesDir } = this.#options;
    const setup = { backend, backendOptions, trainablesDir, modelsDir: offeredModels() };
    const thread = new TrialThread(setup, () => this.#threads.delete(thread));
    this.#threads.add(thread);
    return thread;
  }
}

class TrialThread {
  readonly #worker: Worker;
  readonly #runs = new Map<number, ActiveRun>();
  readonly #graceTimers = new Set<NodeJS.Timeout>();
  #fault: RunOutcome | null = null;

  constructor(setup: HostSetup, onExit: () => void) {
    const { threadUrl } = entryPoint('trial-thread', import.meta.url);
    this.#worker = new Worker(threadUrl, { workerData: setup, name: 'trial' });
    this.#worker.on('message', (message: FromHost) => this.#onMessage(message));
    this.#worker.on('error', (error) => {
      this.#fault = faultOf(error);
    });
    this.#worker.on('exit', (code) => {
      onExit();
      for (const timer of this.#graceTimers) clearTimeout(timer);
      const error = `The thread of this trial ended with code ${code}: its code, or a library, called process.exit.`;
      for (const run of this.#runs.values()) run.settle(this.#fault ?? { state: 'FAILED', error });
      this.#runs.clear();
    });
  }

  get isIdle(): boolean {
    return this.#runs.size === 0;
  }

  /** `onPeak` is told the trial's peak, where it is known, before its outcome. */
  run(order: RunOrder, listener: RunListener, onPeak: (bytes: number) => void): Promise<RunOutcome> {
    return new Promise((settle) => {
      this.#runs.set(order.trialId, { listener, settle, onPeak });
      this.#send({ type: 'run', order });
    });
  }

  pause(trialId: number): void {
    this.#send({ type: 'pause', trialId });
  }

  stop(trialId: number, graceMs: number | null): void {
    if (!this.#runs.has(trialId)) return;
    this.#send({ type: 'stop', trialId });
    if (graceMs === null) return;
    const timer = setTimeout(() => {
      this.#graceTimers.delete(timer);
      if (!this.#runs.has(trialId)) return;
      this.#fault = { state: 'STOPPED' };
      void this.#worker.terminate();
    }, graceMs);
    this.#graceTimers.add(timer);
  }

  async close(): Promise<void> {
    this.#fault = { state: 'STOPPED' };
    await this.#worker.terminate();
  }

  #send(message: ToHost): void {
    this.#worker.postMessage(message);
  }

  #onMessage(message: FromHost): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'unusable':
        for (const run of this.#runs.values()) run.settle({ state: 'FAILED', error: message.reason });
        this.#runs.clear();
        void this.#worker.terminate();
        return;
      case 'report':
        this.#runs.get(message.trialId)?.listener.onReport(message.report);
        return;
      case 'resumable':
        this.#runs.get(message.trialId)?.listener.onResumable();
        return;
      case 'checkpoint':
        this.#runs.get(message.trialId)?.listener.onCheckpoint(message.bytes);
        return;
      case 'artifact':
        void this.#store(message.trialId, message.request, message.file);
        return;
      case 'log':
        this.#runs.get(message.trialId)?.listener.onLog(message.line);
        return;
      case 'ended':
        if (message.peakBytes !== undefined) this.#runs.get(message.trialId)?.onPeak(message.peakBytes);
        this.#runs.get(message.trialId)?.settle(message.outcome);
        this.#runs.delete(message.trialId);
    }
  }

  async #store(trialId: number, request: number, file: ArtifactFile): Promise<void> {
    const fault = (await this.#runs.get(trialId)?.listener.onArtifact(file)) ?? null;
    this.#send({ type: 'artifact', trialId, request, fault });
  }
}

function faultOf(error: Error & { code?: string }): RunOutcome {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { state: 'INFEASIBLE', error: `Out of memory: ${error.message}` };
  }
  return { state: 'FAILED', error: error.stack ?? error.message };
}
