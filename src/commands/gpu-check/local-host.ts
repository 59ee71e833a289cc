import type { FromHost, RunOrder, RunOutcome, ToHost } from '../../execution/pools/host-messages.ts';
import { hostTrials } from '../../execution/pools/host-trials.ts';
import type { BackendName } from '../../trainables/backends/backend.ts';

type Order = Pick<RunOrder, 'trainable' | 'params' | 'options' | 'seed'>;

/** A trial of this process, as its host sees it. */
export class LocalRun {
  readonly outcome: Promise<RunOutcome>;
  /** The losses of its steps so far. */
  readonly losses: number[] = [];
  /** Of its memory, when it has ended. */
  peakBytes = 0;
  readonly #stop: () => void;
  readonly #onStep: () => void;
  #end: (outcome: RunOutcome) => void = () => {};

  constructor(stop: () => void, onStep: () => void) {
    this.#stop = stop;
    this.#onStep = onStep;
    this.outcome = new Promise((end) => {
      this.#end = end;
    });
  }

  stop(): void {
    this.#stop();
  }

  take(message: Extract<FromHost, { type: 'report' | 'ended' }>): void {
    if (message.type === 'ended') {
      this.peakBytes = message.peakBytes ?? 0;
      this.#end(message.outcome);
    } else {
      this.losses.push(message.report.values.loss!);
      this.#onStep();
    }
  }
}

/** The server's own host of trials, in this process, interleaved as on any GPU. */
export class LocalHost {
  /** Resolves when the host has told that its device is gone. */
  readonly lost: Promise<string>;
  readonly #runs = new Map<number, LocalRun>();
  #send: (message: ToHost) => void = () => {};
  #onLost: (reason: string) => void = () => {};
  #started = 0;

  private constructor() {
    this.lost = new Promise((resolve) => {
      this.#onLost = resolve;
    });
  }

  /** Its backend must have been loaded. */
  static async start(backend: BackendName): Promise<LocalHost> {
    const host = new LocalHost();
    await hostTrials(
      { backend, backendOptions: {}, trainablesDir: null, modelsDir: null, giveUpMs: null },
      {
        post: (message) => host.#onMessage(message),
        listen: (onMessage) => {
          host.#send = onMessage;
        },
        close: () => {},
      },
    );
    return host;
  }

  /** @param onStep called after every step */
  run(order: Order, onStep: () => void = () => {}): LocalRun {
    const trialId = ++this.#started;
    const run = new LocalRun(() => this.#send({ type: 'stop', trialId }), onStep);
    this.#runs.set(trialId, run);
    const device = { id: 'gpu', kind: 'gpu', cuda: null } as const;
    this.#send({
      type: 'run',
      order: { ...order, trialId, attempt: 1, device, datasets: null, checkpoint: null },
    });
    return run;
  }

  #onMessage(message: FromHost): void {
    if (message.type === 'lost') this.#onLost(message.reason);
    if (message.type === 'report' || message.type === 'ended') this.#runs.get(message.trialId)!.take(message);
  }
}
