import type { StudyView } from '../../study-view.ts';
import type { TrialView } from '../../trial.ts';
import { type PrunedMetric, showNumber, toLoss } from '../pruned-metric.ts';
import { goOn, type Progress, type PruneDecision } from '../pruner.ts';
import { StudyIndex } from '../study-index.ts';
import { commonStep, highestRung, Ladder, type RungPlan, rungStep } from './ladder.ts';

export interface HalvingOptions {
  readonly plan: RungPlan;
  /** Whether trials that fall behind are paused, to be promoted later, and not ended. */
  readonly promotion: boolean;
  /** So many trials must be on a rung before any is held up there. */
  readonly minTrials: number;
}

/** A paused trial that may go on, and from which step. */
export interface Candidate {
  readonly trialNumber: number;
  readonly rung: number;
  readonly step: number;
  readonly reason: string;
}

/**
 * Asynchronous successive halving over a study's trials (Li et al. 2020, "A System for Massively Parallel
 * Hyperparameter Tuning", algorithm 2): of the trials that have reached a rung the best 1/eta go on to the next.
 *
 * With promotion a trial is judged once a rung, when it reaches it: it goes on if it is among the best 1/eta by then
 * and is paused otherwise; as more trials come, `candidates` says who may go on after all. Ties go to the lower number.
 *
 * Without, it is judged at every report by its highest rung, so that a trial that came first to a rung still ends when
 * better ones follow; ties go on, and so do all while fewer than eta trials are on the rung.
 */
export class Halving {
  readonly #compared: readonly PrunedMetric[];
  readonly #options: HalvingOptions;
  readonly #lowestRung: (trialNumber: number) => number;
  readonly #ladders: StudyIndex<Ladder>;

  /** @param lowestRung the first rung at which a trial is judged; it passes those below, and counts there */
  constructor(
    compared: readonly PrunedMetric[],
    options: HalvingOptions,
    lowestRung: (trialNumber: number) => number = () => 0,
  ) {
    this.#compared = compared;
    this.#options = options;
    this.#lowestRung = lowestRung;
    this.#ladders = new StudyIndex(() => new Ladder(compared, options.plan));
  }

  decide(study: StudyView, trial: TrialView, before?: Progress): PruneDecision {
    const { plan, promotion, minTrials } = this.#options;
    const step = commonStep(this.#compared, trial);
    const rung = step === undefined ? -1 : highestRung(plan, step);
    if (
      rung < this.#lowestRung(trial.number) ||
      (promotion && rung <= highestRung(plan, this.#stepBefore(trial, before)))
    )
      return goOn;
    const ladder = this.#ladders.of(study);
    if (ladder.losses(trial.number, rung) === undefined || ladder.size(rung) < minTrials) return goOn;
    const places = ladder.places(rung);
    if (promotion) {
      if (ladder.isPromotable(trial.number, rung)) return goOn;
      const standing = this.#standing(ladder, trial.number, rung);
      return { action: 'PAUSE', reason: `${standing}, and the best ${places} go on by now` };
    }
    if (places === 0 || ladder.countBetter(trial.number, rung) < places) return goOn;
    return {
      action: 'STOP',
      reason: `${this.#standing(ladder, trial.number, rung)}, and the best ${places} go on`,
    };
  }

  /**
   * The best paused trial of the highest rung from which one may go on.
   * @param anyway whether it may go on though its rung has no place for it yet
   */
  candidate(study: StudyView, anyway: boolean): Candidate | null {
    if (!this.#options.promotion) return null;
    const ladder = this.#ladders.of(study);
    for (let rung = ladder.height - 1; rung >= 0; rung--) {
      if (!anyway && ladder.size(rung) < this.#options.minTrials) continue;
      const places = anyway ? ladder.size(rung) : ladder.places(rung);
      const trialNumber = ladder.bestPaused(rung, places);
      if (trialNumber === null) continue;
      const reason = `${this.#standing(ladder, trialNumber, rung)}, and the best ${places} go on`;
      return { trialNumber, rung, step: rungStep(this.#options.plan, rung), reason };
    }
    return null;
  }

  #standing(ladder: Ladder, trialNumber: number, rung: number): string {
    const losses = ladder.losses(trialNumber, rung)!;
    const values = this.#compared.map(({ metric, direction }, i) => {
      const value = toLoss(direction, losses[i]!);
      return `${metric} ${showNumber(value)}`;
    });
    const at = showNumber(rungStep(this.#options.plan, rung));
    const place = ladder.countBetter(trialNumber, rung) + 1;
    return `${values.join(', ')} at rung ${at} is number ${place} of ${ladder.size(rung)} trials`;
  }

  /** The step that all metrics had reached before this report; below the lowest rung where one had no point. */
  #stepBefore(trial: TrialView, before: Progress | undefined): number {
    const steps = this.#compared.map(
      ({ metric }) =>
        (before === undefined ? trial.curves.get(metric)?.steps.at(-2) : before.get(metric)) ?? -1,
    );
    return Math.min(...steps);
  }
}
