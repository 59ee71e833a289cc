import type { FromHost, RunOrder, RunOutcome, ToHost } from '../../execution/pools/host-messages.ts';
import { hostTrials } from '../../execution/pools/host-trials.ts';
import type { BackendName } from '../../trainables/backends/backend.ts';

/** A trial of this process, as its host sees it. */
export interface LocalRun {
  readonly outcome: Promise<RunOutcome>;
  /** The losses of its steps so far. */
  readonly losses: readonly number[];
  stop(): void;
}

type Order = Pick<RunOrder, 'trainable' | 'params' | 'options' | 'seed'>;

/** The server's own host of trials, in this process, interleaved as on any GPU. */
export class LocalHost {
  readonly #runs = new Map<
    number,
    { losses: number[]; settle: (outcome: RunOutcome) => void; onStep: () => void }
  >();
  #send: (message: ToHost) => void = () => {};
  #started = 0;

  /** Its backend must have been loaded. */
  static async start(backend: BackendName): Promise<LocalHost> {
    const host = new LocalHost();
    await hostTrials(
      { backend, backendOptions: {}, trainablesDir: null, modelsDir: null },
      {
        post: (message) => host.#onMessage(message),
        listen: (onMessage) => {
          host.#send = onMessage;
        },
      },
    );
    return host;
  }

  /** @param onStep called after every step */
  run(order: Order, onStep: () => void = () => {}): LocalRun {
    const trialId = ++this.#started;
    const losses: number[] = [];
    const outcome = new Promise<RunOutcome>((settle) => {
      this.#runs.set(trialId, { losses, settle, onStep });
    });
    const device = { id: 'gpu', kind: 'gpu', cuda: null } as const;
    this.#send({
      type: 'run',
      order: { ...order, trialId, attempt: 1, device, datasets: null, checkpoint: null },
    });
    return { outcome, losses, stop: () => this.#send({ type: 'stop', trialId }) };
  }

  #onMessage(message: FromHost): void {
    if (message.type !== 'report' && message.type !== 'ended') return;
    const run = this.#runs.get(message.trialId)!;
    if (message.type === 'ended') {
      run.settle(message.outcome);
    } else {
      run.losses.push(message.report.values.loss!);
      run.onStep();
    }
  }
}
