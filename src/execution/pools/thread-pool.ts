import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { showJson } from '../../core/json.ts';
import type { ArtifactFile } from '../../trainables/artifact.ts';
import { entryPoint } from '../../trainables/entry-point.ts';
import { offeredModels } from '../../trainables/models/saved-models.ts';
import type { FromHost, HostSetup, RunOrder, RunOutcome, ThreadSetup, ToHost } from './host-messages.ts';
import type { Run, RunListener, TrialPool } from './trial-pool.ts';

export interface ThreadPoolOptions extends Omit<HostSetup, 'modelsDir' | 'giveUpMs'> {
  /** One thread for all trials, as GPU backends need, or a thread a trial. */
  readonly sharedThread: boolean;
  readonly stopGraceMs: number;
  /**
   * Of threads that are kept ready for the next trial: no more than this many threads in all. A thread takes a second
   * to load its backend, a trial in one that is loaded starts in milliseconds. 0: threads start with their first trial.
   */
  readonly warmThreads: number;
  /** Called when the device of the threads is gone, with the reason, and with null when it is there again. */
  readonly onDevice: (fault: string | null) => void;
}

/** A driver that was reset is there again within seconds; a GPU that is not may be after a minute, or never. */
const firstRecoveryMs = 1000;
const maxRecoveryMs = 60_000;
/** A batch takes less, and so does the loading of a backend. */
const closeGraceMs = 5000;

interface ActiveRun {
  readonly listener: RunListener;
  settle(outcome: RunOutcome): void;
  onPeak(bytes: number): void;
}

/** Threads that run trials. They are started when first needed and kept, with their backend loaded. */
export class ThreadPool implements TrialPool {
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<TrialThread>();
  #recovery: NodeJS.Timeout | undefined;
  #closed = false;

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
    this.#closed = true;
    clearTimeout(this.#recovery);
    await Promise.all([...this.#threads].map((thread) => thread.close()));
  }

  #threadForNextRun(): TrialThread {
    for (const thread of this.#threads) {
      if (this.#options.sharedThread || thread.isIdle) return thread;
    }
    return this.#startThread();
  }

  /** @param recoveryMs set where it replaces one whose device is gone: after what time the next would, should it fail */
  #startThread(recoveryMs: number | null = null): TrialThread {
    const { backend, backendOptions, trainablesDir, sharedThread, stopGraceMs } = this.#options;
    const giveUpMs = sharedThread ? stopGraceMs : null;
    const setup = { backend, backendOptions, trainablesDir, modelsDir: offeredModels(), giveUpMs };
    const thread = new TrialThread(setup, sharedThread, {
      onEnd: () => this.#threads.delete(thread),
      onReady: () => {
        if (recoveryMs !== null) this.#options.onDevice(null);
      },
      onUnusable: (reason) => {
        if (recoveryMs === null) return { state: 'FAILED', error: reason };
        this.#threads.delete(thread);
        this.#recoverLater(recoveryMs);
        return { state: 'LOST', error: reason };
      },
      onLost: (reason) => {
        this.#threads.delete(thread);
        this.#options.onDevice(reason);
        this.#recoverLater(firstRecoveryMs);
      },
    });
    this.#threads.add(thread);
    return thread;
  }

  #recoverLater(delayMs: number): void {
    clearTimeout(this.#recovery);
    if (this.#closed) return;
    this.#recovery = setTimeout(() => {
      this.#startThread(Math.min(maxRecoveryMs, 2 * delayMs));
    }, delayMs);
  }
}

interface ThreadEvents {
  onEnd(): void;
  onReady(): void;
  /** @returns how the runs end that were sent to it */
  onUnusable(reason: string): RunOutcome;
  onLost(reason: string): void;
}

class TrialThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #runs = new Map<number, ActiveRun>();
  readonly #graceTimers = new Set<NodeJS.Timeout>();
  readonly #events: ThreadEvents;
  readonly #isShared: boolean;
  #fault: RunOutcome | null = null;
  #hasExited = false;

  constructor(setup: HostSetup, isShared: boolean, events: ThreadEvents) {
    this.#isShared = isShared;
    this.#events = events;
    const { threadUrl } = entryPoint('trial-thread', import.meta.url);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: ThreadSetup = { ...setup, port: port2 };
    this.#worker = new Worker(threadUrl, { workerData, transferList: [port2], name: 'trial' });
    this.#port.on('message', (message: FromHost) => this.#onMessage(message));
    this.#worker.on('error', (error) => {
      this.#fault = faultOf(error);
    });
    this.#worker.on('exit', (code) => {
      this.#hasExited = true;
      // The last words of its code may not have been heard yet.
      for (let last = receiveMessageOnPort(port1); last; last = receiveMessageOnPort(port1)) {
        this.#onMessage(last.message as FromHost);
      }
      events.onEnd();
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
    const run = this.#runs.get(trialId);
    if (run === undefined) return;
    this.#send({ type: 'stop', trialId });
    if (graceMs === null) return;
    const timer = setTimeout(() => {
      this.#graceTimers.delete(timer);
      // By now it may be another attempt that runs here.
      if (this.#runs.get(trialId) !== run) return;
      this.#fault = { state: 'STOPPED' };
      void this.#worker.terminate();
    }, graceMs);
    this.#graceTimers.add(timer);
  }

  async close(): Promise<void> {
    this.#fault = { state: 'STOPPED' };
    if (this.#isShared && !this.#hasExited) {
      const exited = new Promise((resolve) => this.#worker.once('exit', resolve));
      this.#send({ type: 'close' });
      const timer = new AbortController();
      await Promise.race([exited, delay(closeGraceMs, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
    }
    await this.#worker.terminate();
  }

  /** Dawn takes the process with it where its thread ends before all its promises have: it ends by itself, when it can. */
  #end(): void {
    if (this.#isShared) this.#send({ type: 'close' });
    else void this.#worker.terminate();
  }

  #send(message: ToHost): void {
    this.#port.postMessage(message);
  }

  #onMessage(message: FromHost): void {
    switch (message.type) {
      case 'ready':
        this.#events.onReady();
        return;
      case 'unusable':
        this.#endAll(this.#events.onUnusable(message.reason));
        return;
      case 'lost':
        this.#events.onLost(message.reason);
        // What was sent to it meanwhile.
        this.#endAll({ state: 'LOST', error: message.reason });
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

  #endAll(outcome: RunOutcome): void {
    for (const run of this.#runs.values()) run.settle(outcome);
    this.#runs.clear();
    this.#end();
  }

  async #store(trialId: number, request: number, file: ArtifactFile): Promise<void> {
    const fault = (await this.#runs.get(trialId)?.listener.onArtifact(file)) ?? null;
    this.#send({ type: 'artifact', trialId, request, fault });
  }
}

/** @param error whatever its code has thrown where nobody caught it */
function faultOf(error: unknown): RunOutcome {
  const { code, stack, message } = (error ?? {}) as Partial<Error> & { code?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return { state: 'INFEASIBLE', error: `Out of memory: ${message}` };
  return { state: 'FAILED', error: stack ?? message ?? `Its code threw ${showJson(error)}; throw an Error.` };
}
