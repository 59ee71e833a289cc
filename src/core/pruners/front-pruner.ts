import { firstFrom, valueBy } from '../curve.ts';
import type { FieldReader } from '../field-reader.ts';
import { dominates } from '../pareto/dominance.ts';
import { type Losses, lossesOf } from '../pareto/losses.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';
import { type CheckSchedule, checkScheduleOptions, isCheckDue, readCheckSchedule } from './check-schedule.ts';
import { type PrunedMetric, showNumber, toLoss } from './pruned-metric.ts';
import { goOn, type Progress, type PruneDecision, type Pruner } from './pruner.ts';
import { commonStep } from './rungs/ladder.ts';
import { StudyIndex, type TrialIndex } from './study-index.ts';

export interface FrontPrunerOptions {
  /** So many trials must have completed before any is pruned. */
  readonly startupTrials: number;
  /** The share of the front's trials that must dominate a trial at its step. */
  readonly share: number;
  /** By what part of the front's range at the step a trial must be worse in every objective. */
  readonly margin: number;
  /** So many reports in a row may be dominated before one more ends the trial. */
  readonly patience: number;
  readonly schedule: CheckSchedule;
}

export const frontPrunerOptions = [
  ...checkScheduleOptions,
  'startupTrials',
  'share',
  'margin',
  'patience',
] as const;

/**
 * A quarter of the front: a trial at one end of it is dominated on its way by few others, those beside it. No margin,
 * for its scale is the problem's; one dominated report is borne, as curves are noisy. Ten start-up trials, that the
 * front has an extent.
 */
export function readFrontPruner(fields: FieldReader, problem: StudyProblem): FrontPruner {
  return new FrontPruner(problem.objectives, {
    startupTrials: fields.number('startupTrials', { integer: true, min: 1 }) ?? 10,
    share: fields.number('share', { above: 0, max: 1 }) ?? 0.25,
    margin: fields.number('margin', { min: 0 }) ?? 0,
    patience: fields.number('patience', { integer: true, min: 0 }) ?? 1,
    schedule: readCheckSchedule(fields),
  });
}

/**
 * Prunes by all objectives at once: a trial ends when, at its step and at the reports before it that `patience` asks
 * for, the front's own learning curves dominate it. The front is that of the completed trials which keep the
 * constraints; of each counts what it had reported by the step, if it came as far. A trial that the front dominates
 * in the end but not on the way goes on, and so does one that reports not all objectives. NaN is worse than any number.
 * With one objective the front is the best trial.
 */
export class FrontPruner implements Pruner {
  readonly metrics: readonly string[];
  readonly #compared: readonly PrunedMetric[];
  readonly #options: FrontPrunerOptions;
  readonly #fronts: StudyIndex<GrowingFront>;

  constructor(compared: readonly PrunedMetric[], options: FrontPrunerOptions) {
    this.metrics = compared.map(({ metric }) => metric);
    this.#compared = compared;
    this.#options = options;
    this.#fronts = new StudyIndex(() => new GrowingFront(compared));
  }

  decide(study: StudyView, trial: TrialView, before?: Progress): PruneDecision {
    const { startupTrials, patience, schedule } = this.#options;
    const step = commonStep(this.#compared, trial);
    if (step === undefined) return goOn;
    const isDue = this.#compared.some(({ metric }) =>
      isCheckDue(schedule, metric, trial.curves.get(metric)!, before),
    );
    const front = this.#fronts.of(study);
    if (!isDue || step < schedule.warmupSteps || front.completed < startupTrials) return goOn;

    const { steps } = trial.curves.get(this.metrics[0]!)!;
    const last = firstFrom(steps, step + 1) - 1;
    if (last < patience) return goOn;
    for (let i = last - patience; i < last; i++) {
      if (!this.#isDominated(front, trial, steps[i]!)) return goOn;
    }
    const standing = this.#standing(front, trial, step);
    if (standing.dominators < standing.needed) return goOn;
    const values = this.#compared.map(
      ({ metric, direction }, k) => `${metric} ${showNumber(toLoss(direction, standing.losses[k]!))}`,
    );
    const since = patience === 0 ? '' : `, and was so at ${plural(patience, 'report')} before`;
    return {
      action: 'STOP',
      reason: `(${values.join(', ')}) at step ${step} is dominated by what ${standing.dominators} of the ${plural(standing.peers, 'trial')} of the front had there${since}`,
    };
  }

  #isDominated(front: GrowingFront, trial: TrialView, step: number): boolean {
    const { dominators, needed } = this.#standing(front, trial, step);
    return dominators >= needed;
  }

  #standing(front: GrowingFront, trial: TrialView, step: number) {
    const losses = lossesBy(this.#compared, trial, step);
    const peers = front.at(step);
    const margins = losses.map((_, k) => {
      if (this.#options.margin === 0) return 0;
      const column = peers.map((peer) => peer[k]!).filter(Number.isFinite);
      return column.length === 0 ? 0 : this.#options.margin * (Math.max(...column) - Math.min(...column));
    });
    const dominators = peers.filter((peer) =>
      dominates(
        peer.map((loss, k) => loss + margins[k]!),
        losses,
      ),
    ).length;
    // Where none came as far nothing is known.
    const needed = Math.max(1, Math.ceil(this.#options.share * peers.length));
    return { losses, dominators, needed, peers: peers.length };
  }
}

interface Result {
  readonly trial: TrialView;
  readonly losses: Losses;
}

/** The completed trials that none dominates, and what they had reported at the steps that were asked for. */
class GrowingFront implements TrialIndex {
  readonly #compared: readonly PrunedMetric[];
  readonly #results = new Map<number, Result>();
  #front: Result[] = [];
  readonly #steps = new Map<number, Losses[]>();

  constructor(compared: readonly PrunedMetric[]) {
    this.#compared = compared;
  }

  /** How many trials have completed with a result. */
  get completed(): number {
    return this.#results.size;
  }

  update(trial: TrialView, curvesChanged: boolean): void {
    const isResult = trial.state === 'COMPLETED' && trial.feasible !== false;
    const losses = isResult ? lossesOf(this.#compared, trial.values) : null;
    const known = this.#results.get(trial.number);
    if (known === undefined) {
      if (losses === null) return;
      const result = { trial, losses };
      this.#results.set(trial.number, result);
      this.#add(result);
      return;
    }
    const isSame = losses?.every((loss, i) => loss === known.losses[i]) === true;
    if (isSame && !curvesChanged) return;
    // A result is final, so it is rare that one changes or goes.
    this.#results.delete(trial.number);
    if (losses !== null) this.#results.set(trial.number, { trial, losses });
    this.#front = [];
    this.#steps.clear();
    for (const result of this.#results.values()) this.#add(result);
  }

  /** What the front's trials that came so far had reported by a step. */
  at(step: number): readonly Losses[] {
    let found = this.#steps.get(step);
    if (found === undefined) {
      found = this.#front
        .filter(({ trial }) => (commonStep(this.#compared, trial) ?? -1) >= step)
        .map(({ trial }) => lossesBy(this.#compared, trial, step));
      this.#steps.set(step, found);
    }
    return found;
  }

  #add(result: Result): void {
    if (this.#front.some((other) => dominates(other.losses, result.losses))) return;
    this.#front = this.#front.filter((other) => !dominates(result.losses, other.losses));
    this.#front.push(result);
    this.#steps.clear();
  }
}

/** What a trial had reported by a step; infinite for NaN, which is as bad. */
function lossesBy(compared: readonly PrunedMetric[], trial: TrialView, step: number): Losses {
  return compared.map(({ metric, direction }) => {
    const loss = toLoss(direction, valueBy(trial.curves.get(metric)!, step));
    return Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss;
  });
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
