import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import type { Colors } from 'picocolors/types.js';
import type { StudyEvent, TrialData } from '../../client/index.ts';
import { accuracyMetric, describeParams } from './demo-study.ts';
import { progressLines } from './progress-lines.ts';
import { showSeconds } from './show-time.ts';
import type { StudyWatch } from './study-watch.ts';

/** Shows a study while it goes on. */
export interface ProgressDisplay {
  onEvent(event: StudyEvent): void;
  /** Leaves the last state on the screen. */
  close(): void;
}

export function createProgressDisplay(
  stream: WriteStream,
  watch: StudyWatch,
  colors: Colors,
): ProgressDisplay {
  return stream.isTTY ? new LiveDisplay(stream, watch, colors) : new PlainDisplay(stream);
}

const redrawMs = 100;

/** Bars that are redrawn in place. */
class LiveDisplay implements ProgressDisplay {
  readonly #draw: () => void;
  readonly #close: () => void;

  constructor(stream: WriteStream, watch: StudyWatch, colors: Colors) {
    const update = createLogUpdate(stream);
    const startedMs = Date.now();
    this.#draw = () => {
      const { columns, rows } = stream;
      update(progressLines(watch, { columns, rows, colors, startedMs, nowMs: Date.now() }).join('\n'));
    };
    const timer = setInterval(this.#draw, redrawMs);
    this.#close = () => {
      clearInterval(timer);
      update.done();
    };
  }

  onEvent(): void {
    this.#draw();
  }

  close(): void {
    this.#draw();
    this.#close();
  }
}

/** A line for each change of a trial's state. */
class PlainDisplay implements ProgressDisplay {
  readonly #stream: WriteStream;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  onEvent({ trial }: StudyEvent): void {
    if (trial !== null) this.#stream.write(`trial ${trial.number} ${describeState(trial)}\n`);
  }

  close(): void {}
}

function describeState(trial: TrialData): string {
  switch (trial.state) {
    case 'QUEUED':
      return 'waits';
    case 'RUNNING':
      return `started: ${describeParams(trial.params).join(', ')}`;
    case 'COMPLETED': {
      const seconds = showSeconds(Date.parse(trial.finishedAt!) - Date.parse(trial.startedAt!));
      return `completed in ${seconds}: accuracy ${trial.values![accuracyMetric]!.toFixed(4)}`;
    }
    case 'PRUNED':
      return `pruned: ${trial.pruneReason}`;
    case 'INFEASIBLE':
    case 'FAILED':
      return `${trial.state.toLowerCase()}: ${trial.error ?? 'no reason given'}`;
    case 'CANCELLED':
      return 'cancelled';
  }
}
