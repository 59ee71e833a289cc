import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maxStep } from '../../core/curve.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Command, isCommand, programFault } from '../../trainables/command/command.ts';
import { readMetricLine } from '../../trainables/command/metric-lines.ts';
import {
  expandArguments,
  expandEnvironment,
  type TemplateValues,
} from '../../trainables/command/template.ts';
import { cudaVisibleDevices } from '../../trainables/placed-device.ts';
import type { Trainable } from '../../trainables/trainable.ts';
import { readOutput } from '../processes/output-lines.ts';
import { describeEnd, type ProcessEnd } from '../processes/process-end.ts';
import type { ProcessGroup, ProcessGroups } from '../processes/process-group.ts';
import { programEnvironment } from '../processes/program-environment.ts';
import type { TrialTokens } from '../trial-tokens.ts';
import type { RunOrder, RunOutcome } from './host-messages.ts';
import type { Run, RunListener, TrialPool } from './trial-pool.ts';

export interface CommandPoolOptions {
  readonly trainables: ReadonlyMap<string, Trainable>;
  readonly groups: ProcessGroups;
  readonly tokens: TrialTokens;
  /** Where the API is; null: nowhere. */
  readonly url: () => string | null;
  /** How long a program may take to end after SIGTERM. */
  readonly stopGraceMs: number;
}

const errorLines = 20;
const maxMetrics = 200;
/** How often it is looked whether the program has written another checkpoint. */
const checkpointEveryMs = 30_000;
/** As PyTorch, TensorFlow, Python, C++ and the shell say it. */
const outOfMemory = /out of memory|OutOfMemoryError|MemoryError|std::bad_alloc|Cannot allocate memory/i;

/** Runs each trial as a program that the operator has declared. */
export class CommandPool implements TrialPool {
  readonly #options: CommandPoolOptions;
  readonly #running = new Set<ProgramRun>();

  constructor(options: CommandPoolOptions) {
    this.#options = options;
  }

  run(order: RunOrder, listener: RunListener): Run {
    const trainable = this.#options.trainables.get(order.trainable);
    if (trainable === undefined || !isCommand(trainable)) throw new Error(`${order.trainable} is no command`);
    let run: ProgramRun;
    try {
      run = new ProgramRun(this.#options, trainable.command, trainable.metrics, order, listener);
    } catch (error) {
      return failedRun(`The program could not be started: ${(error as Error).message}`);
    }
    this.#running.add(run);
    void run.outcome.then(() => this.#running.delete(run));
    return run;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((run) => run.close()));
  }
}

/** Of a program whose files could not be written, as on a full disk. */
function failedRun(error: string): Run {
  const outcome = Promise.resolve<RunOutcome>({ state: 'FAILED', error });
  return { outcome, peakBytes: null, stop: () => {}, pause: () => {} };
}

class ProgramRun implements Run {
  readonly outcome: Promise<RunOutcome>;
  readonly #listener: RunListener;
  readonly #metrics: Set<string>;
  readonly #group: ProcessGroup | null = null;
  readonly #stopGraceMs: number;
  readonly #directory: string;
  readonly #checkpoint: string;
  readonly #lastErrors: string[] = [];
  #checkpointTime = 0;
  #nextStep = 0;
  #asked: 'STOPPED' | 'PAUSED' | null = null;

  constructor(
    { groups, tokens, url, stopGraceMs }: CommandPoolOptions,
    command: Command,
    metrics: readonly string[],
    order: RunOrder,
    listener: RunListener,
  ) {
    this.#listener = listener;
    this.#metrics = new Set(metrics);
    this.#stopGraceMs = stopGraceMs;
    this.#directory = mkdtempSync(join(tmpdir(), 'trialgraph-run-'));
    this.#checkpoint = join(this.#directory, 'checkpoint');
    const values = this.#prepare(command.options, order);
    const token = tokens.issue(order);
    const [program, ...args] = expandArguments(command.argv, values);
    const fault = programFault(program!, command.cwd);
    if (fault === null) {
      this.#group = groups.start(program!, args, {
        cwd: command.cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...programEnvironment(),
          // Python would keep its output back until there is a page of it.
          PYTHONUNBUFFERED: '1',
          CUDA_VISIBLE_DEVICES: cudaVisibleDevices(order.device),
          ...expandEnvironment(command.env, values),
          ...(url() === null ? {} : { TRIALGRAPH_URL: url()! }),
          TRIALGRAPH_TOKEN: token,
          TRIALGRAPH_TRIAL: values.trial,
          TRIALGRAPH_ATTEMPT: String(values.attempt),
          TRIALGRAPH_PARAMS_FILE: values.paramsFile,
          TRIALGRAPH_DIR: values.directory,
          TRIALGRAPH_CHECKPOINT: this.#checkpoint,
        },
      });
      this.#read(this.#group);
    }
    const timer = setInterval(() => this.#takeCheckpoint(), checkpointEveryMs);
    const ended: Promise<ProcessEnd> =
      this.#group?.ended ?? Promise.resolve({ how: 'not started', reason: fault! });
    this.outcome = ended.then((end) => {
      clearInterval(timer);
      tokens.revoke(token);
      const outcome = this.#outcomeOf(end);
      if (outcome.state === 'PAUSED') this.#takeCheckpoint();
      rmSync(this.#directory, { recursive: true, force: true });
      return outcome;
    });
  }

  get peakBytes(): number | null {
    return this.#group?.peakBytes ?? null;
  }

  stop(): void {
    this.#asked = 'STOPPED';
    this.#group?.end(this.#stopGraceMs);
  }

  pause(): void {
    this.#asked ??= 'PAUSED';
    this.#group?.end(this.#stopGraceMs);
  }

  async close(): Promise<void> {
    this.#asked = 'STOPPED';
    this.#group?.kill();
    await this.outcome;
  }

  /** Writes the files that the program finds. */
  #prepare(defaults: JsonObject, order: RunOrder): TemplateValues {
    const values = {
      params: order.params,
      options: { ...defaults, ...order.options },
      seed: order.seed,
      trial: `trial-${order.trialId}`,
      attempt: order.attempt,
    };
    const paramsFile = join(this.#directory, 'params.json');
    try {
      writeFileSync(paramsFile, JSON.stringify(values));
      if (order.checkpoint !== null) {
        writeFileSync(this.#checkpoint, order.checkpoint);
        this.#checkpointTime = statSync(this.#checkpoint).mtimeMs;
      }
    } catch (error) {
      rmSync(this.#directory, { recursive: true, force: true });
      throw error;
    }
    return { ...values, paramsFile, directory: this.#directory };
  }

  #read({ child }: ProcessGroup): void {
    if (child === null) return;
    // Absent where the program could not be started.
    if (child.stdout) {
      readOutput(child.stdout, {
        onText: (text) => this.#listener.onLog(text),
        onLine: (line) => this.#onLine(line),
      });
    }
    if (child.stderr) readOutput(child.stderr, { onText: (text) => this.#onErrorText(text) });
  }

  #onLine(text: string): void {
    const line = readMetricLine(text, this.#metrics);
    if (line === null) return;
    const values = Object.entries(line.values).filter(([name]) => this.#admits(name));
    if (values.length === 0) return;
    const step = line.step ?? this.#nextStep;
    this.#nextStep = Math.min(step + 1, maxStep);
    this.#listener.onReport({ step, values: Object.fromEntries(values), time: Date.now() });
  }

  /** A program that makes up names must not fill the database with them. */
  #admits(name: string): boolean {
    if (!this.#metrics.has(name) && this.#metrics.size >= maxMetrics) return false;
    this.#metrics.add(name);
    return true;
  }

  #onErrorText(text: string): void {
    this.#lastErrors.push(text);
    if (this.#lastErrors.length > errorLines) this.#lastErrors.shift();
    this.#listener.onLog(text);
  }

  /** Takes what the program has written since the last time. */
  #takeCheckpoint(): void {
    try {
      const stat = statSync(this.#checkpoint);
      // The reading of a pipe would not end.
      if (stat.mtimeMs === this.#checkpointTime || !stat.isFile()) return;
      this.#listener.onCheckpoint(readFileSync(this.#checkpoint));
      this.#checkpointTime = stat.mtimeMs;
    } catch {
      // It has written none, or is about to put another in its place.
    }
  }

  #outcomeOf(end: ProcessEnd): RunOutcome {
    if (this.#asked !== null) return { state: this.#asked };
    if (end.how === 'code' && end.code === 0) return { state: 'COMPLETED', values: undefined };
    const lastErrors = this.#lastErrors.join('\n');
    const error = [`The program ${describeEnd(end).replace(/\.$/, '')}.`, lastErrors].join('\n').trim();
    const isOutOfMemory = (end.how === 'signal' && end.outOfMemory) || outOfMemory.test(lastErrors);
    return { state: isOutOfMemory ? 'INFEASIBLE' : 'FAILED', error };
  }
}
