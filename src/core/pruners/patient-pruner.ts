import type { FieldReader } from '../field-reader.ts';
import type { StudyProblem } from '../study.ts';
import type { StudyView } from '../study-view.ts';
import type { TrialView } from '../trial.ts';
import {
  isBetter,
  type PrunedMetric,
  prunedMetricOptions,
  readPrunedMetric,
  showNumber,
  toLoss,
} from './pruned-metric.ts';
import { goOn, type Progress, type Promotion, type PruneDecision, type Pruner } from './pruner.ts';

export interface PatientPrunerOptions {
  /** So many reports without improvement are borne. */
  readonly patience: number;
  /** A trial that is worse than before by no more than this is not yet getting worse. */
  readonly minDelta: number;
}

export const patientPrunerOptions = [...prunedMetricOptions, 'patience', 'minDelta', 'pruner'] as const;

/** @param createWrapped makes the pruner whose settings are in `pruner`, or null where there are none */
export function readPatientPruner(
  fields: FieldReader,
  problem: StudyProblem,
  createWrapped: () => Pruner | null,
): PatientPruner {
  const compared = readPrunedMetric(fields, problem);
  const options = {
    patience: fields.number('patience', { required: true, integer: true, min: 0 })!,
    minDelta: fields.number('minDelta', { min: 0 }) ?? 0,
  };
  return new PatientPruner(compared, options, createWrapped());
}

/**
 * Lets another pruner judge a trial only while the trial gets worse: when the best of its last `patience` + 1 reports is
 * worse than the best before them by more than `minDelta`. Without another pruner it ends such a trial itself. NaN
 * counts as worse than any number, so a trial whose reports have become NaN is not improving. A trial that is paused
 * is promoted as the other pruner says.
 */
export class PatientPruner implements Pruner {
  readonly metrics: readonly string[];
  readonly pauses: boolean;
  readonly #compared: PrunedMetric;
  readonly #options: PatientPrunerOptions;
  readonly #wrapped: Pruner | null;

  constructor(compared: PrunedMetric, options: PatientPrunerOptions, wrapped: Pruner | null) {
    this.metrics = [...new Set([compared.metric, ...(wrapped?.metrics ?? [])])];
    this.pauses = wrapped?.pauses ?? false;
    this.#compared = compared;
    this.#options = options;
    this.#wrapped = wrapped;
  }

  decide(study: StudyView, trial: TrialView, before?: Progress): PruneDecision {
    const { metric, direction } = this.#compared;
    const { patience, minDelta } = this.#options;
    const values = trial.curves.get(metric)?.values ?? [];
    const recent = values.length - (patience + 1);
    if (recent <= 0) return goOn;
    const best = (from: number, to: number): number => {
      let found = Number.NaN;
      for (let i = from; i < to; i++) if (isBetter(direction, values[i]!, found)) found = values[i]!;
      return found;
    };
    const earlier = best(0, recent);
    const latest = best(recent, values.length);
    if (Number.isNaN(earlier)) return goOn;
    const isWorse = toLoss(direction, earlier) + minDelta < toLoss(direction, latest) || Number.isNaN(latest);
    if (!isWorse) return goOn;
    if (this.#wrapped !== null) return this.#wrapped.decide(study, trial, before);
    const margin = minDelta === 0 ? '' : ` by more than ${showNumber(minDelta)}`;
    return {
      action: 'STOP',
      reason: `${metric} got worse${margin}: the best of the last ${patience + 1} reports is ${showNumber(latest)}, and it was ${showNumber(earlier)} before`,
    };
  }

  promote(study: StudyView, anyway = false): Promotion | null {
    return this.#wrapped?.promote?.(study, anyway) ?? null;
  }
}
