import { setImmediate } from 'node:timers/promises';
import { type ArtifactContent, artifactFile } from '../../trainables/artifact.ts';
import type { RunMeter } from '../../trainables/backends/run-meter.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../trainables/checkpoint.ts';
import { type Tensorflow, type TrialContext, TrialStopped } from '../../trainables/trainable.ts';
import type { ArtifactAnswer, FromHost, RunOrder } from './host-messages.ts';
import { LogAllowance } from './log-allowance.ts';
import { readReport } from './read-report.ts';

/** A process that dies costs half a minute of work at most; saving costs little beside it. */
const checkpointEveryMs = 30_000;

/** A trial in its thread: what its trainable may use, and how it is stopped or paused. */
export class HostedTrial {
  readonly context: TrialContext;
  readonly #send: (message: FromHost, transfer?: readonly ArrayBuffer[]) => void;
  readonly #trialId: number;
  readonly #stop = new AbortController();
  readonly #allowance = new LogAllowance();
  /** Files on their way, by number; each is called with the reason why it could not be stored, or null. */
  readonly #files = new Map<number, (fault: string | null) => void>();
  #filesSent = 0;
  #isPausing = false;
  #offersCheckpoints = false;
  #savedAt = performance.now();
  #hasEnded = false;

  constructor(
    { trialId, params, options, seed, device, checkpoint }: RunOrder,
    tf: Tensorflow,
    meter: Pick<RunMeter, 'peakBytes'>,
    post: (message: FromHost, transfer?: readonly ArrayBuffer[]) => void,
  ) {
    this.#trialId = trialId;
    this.#send = post;
    this.context = {
      params,
      options,
      seed,
      tf,
      device,
      get peakBytes() {
        return meter.peakBytes;
      },
      signal: this.#stop.signal,
      nextBatch: () => this.#yieldTurn(),
      report: async (step, values) => {
        const report = readReport(step, values);
        this.#post({ type: 'report', trialId, report: { ...report, time: Date.now() } });
        await this.#yieldTurn();
      },
      checkpoint: (save) => this.#checkpoint(save),
      restore: () => this.#restore(checkpoint),
      artifact: (name, content, contentType) => this.#storeFile(name, content, contentType),
      log: (line) => this.#log(this.#allowance.admit(String(line), performance.now())),
    };
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Whether it ended because it was to be paused, when it ended. */
  get isPaused(): boolean {
    return this.#isPausing && !this.isStopped;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** What its code still does is heard by nobody, and stops when it next awaits its turn: another attempt may be running. */
  end(): void {
    this.#log(this.#allowance.end());
    this.#hasEnded = true;
    this.stop();
    for (const answer of this.#files.values()) answer(null);
  }

  /** It goes on to its next checkpoint; one that has neither offered nor asked for any ends at its next batch. */
  pause(): void {
    this.#isPausing = true;
  }

  /** Takes in what came of a file. */
  onArtifact({ request, fault }: ArtifactAnswer): void {
    this.#files.get(request)?.(fault);
    this.#files.delete(request);
  }

  #post(message: FromHost, transfer?: readonly ArrayBuffer[]): void {
    if (!this.#hasEnded) this.#send(message, transfer);
  }

  #log(lines: readonly string[]): void {
    for (const line of lines) this.#post({ type: 'log', trialId: this.#trialId, line });
  }

  async #storeFile(name: string, content: ArtifactContent, contentType?: string): Promise<void> {
    if (this.#hasEnded) throw new TrialStopped();
    const file = artifactFile(name, content, contentType);
    const request = ++this.#filesSent;
    const answer = new Promise<string | null>((resolve) => this.#files.set(request, resolve));
    const given = 'bytes' in file.content ? [file.content.bytes.buffer] : [];
    this.#post({ type: 'artifact', trialId: this.#trialId, request, file }, given);
    const fault = await answer;
    if (this.isStopped) throw new TrialStopped();
    if (fault !== null) throw new Error(`The artifact ${JSON.stringify(name)} could not be stored: ${fault}`);
  }

  /** Training holds the thread; a turn of the event loop lets messages and other trials in. */
  async #yieldTurn(): Promise<void> {
    await setImmediate();
    if (this.isStopped || (this.#isPausing && !this.#offersCheckpoints)) throw new TrialStopped();
  }

  async #checkpoint(save: () => Checkpoint | Promise<Checkpoint>): Promise<void> {
    if (this.#hasEnded) throw new TrialStopped();
    this.#offerCheckpoints();
    if (!this.#isPausing && performance.now() - this.#savedAt < checkpointEveryMs) return;
    const bytes = encodeCheckpoint(await save());
    this.#post({ type: 'checkpoint', trialId: this.#trialId, bytes }, [bytes.buffer]);
    this.#savedAt = performance.now();
    if (this.#isPausing || this.isStopped) throw new TrialStopped();
  }

  #offerCheckpoints(): void {
    if (this.#offersCheckpoints) return;
    this.#offersCheckpoints = true;
    this.#post({ type: 'resumable', trialId: this.#trialId });
  }

  #restore(bytes: Uint8Array | null): Checkpoint | null {
    this.#offerCheckpoints();
    if (bytes === null) return null;
    try {
      return decodeCheckpoint(bytes);
    } catch (error) {
      this.context.log(`${(error as Error).message} The trial starts anew.`);
      return null;
    }
  }
}
