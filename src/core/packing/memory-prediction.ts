/** What is believed of a setting's peak before it runs. */
export interface Estimate {
  /** By the trainable's own formula, in bytes; null where it has none: then all settings of the study count as alike. */
  readonly estimatedBytes: number | null;
}

interface Peak {
  /** 1 where there is no formula: the ratio is the peak itself. */
  readonly estimate: number;
  readonly bytes: number;
}

/** What a setting will take, in bytes. */
export interface PredictedMemory {
  /** Enough for nine of ten; what is reserved. Null: nothing is known. */
  readonly bytes: number | null;
  /** What it takes even if all goes well: only where this fits no device is a setting given up untried. */
  readonly leastBytes: number;
}

/** Of the peaks of settings like this one, the share that a corrected prediction should cover. */
const coverage = 0.9;
/** Settings are alike when their estimates differ by no more than this: what a process needs in any case counts for more the smaller the rest is. */
const likeness = 4;
/** And nearly the same where they differ by no more than this. */
const sameness = 1.25;
/** Of each study the newest peaks are kept: enough to tell a tenth, and the study's own drift is followed. */
const maxPeaks = 256;
/** How much more a setting is given than one that ran out. Small: each next step comes from another trial that ran out. */
const growth = 1.25;

/**
 * Predicts the peak memory of a study's trials: the trainable's estimate, times how the peaks of earlier trials like it
 * compared with theirs. Of n such ratios the ceil((n + 1) 0.9)-th smallest is taken, which covers the next with a
 * probability of 0.9 if they are exchangeable (split conformal prediction: Lei, G'Sell, Rinaldo, Tibshirani and
 * Wasserman 2018, section 2); while there are fewer than nine, the largest of them, and 1 at least.
 *
 * The least is what the cheapest setting of nearly the same estimate took, or the estimate itself: the peaks of small
 * settings hold what every process needs, and say little of large ones.
 *
 * Running out of memory says only that the peak is more than what there was: nothing that is estimated as high or higher
 * is predicted below 1.25 times that, its least included, until one of them has fitted in less. So a prediction never
 * falls by running out.
 */
export class MemoryPrediction {
  readonly #peaks: Peak[] = [];
  #exceeded: Peak[] = [];

  /** Takes in what a trial really used. What is no number of bytes says nothing. */
  observePeak(of: Estimate, bytes: number): void {
    if (!isSize(bytes)) return;
    const estimate = formulaOf(of) ?? 1;
    this.#peaks.push({ estimate, bytes });
    if (this.#peaks.length > maxPeaks) this.#peaks.shift();
    // It had more than fitted here: others were in its way, not its own size.
    this.#exceeded = this.#exceeded.filter((out) => out.estimate > estimate || out.bytes < bytes);
  }

  /** Takes in that a trial ran out although it had this much. */
  observeOutOfMemory(of: Estimate, bytes: number): void {
    if (!isSize(bytes)) return;
    const estimate = formulaOf(of) ?? 1;
    this.#exceeded.push({ estimate, bytes });
    // Those that say no more than this one.
    this.#exceeded = this.#exceeded.filter(
      (out, i, all) => i === all.length - 1 || out.estimate < estimate || out.bytes > bytes,
    );
  }

  predict(of: Estimate): PredictedMemory {
    const formula = formulaOf(of);
    const estimate = formula ?? 1;
    const exceeded = this.#exceeded.filter((out) => out.estimate <= estimate);
    const floor = Math.max(0, ...exceeded.map(({ bytes }) => bytes * growth));
    const ratio = coveringRatio(this.#ratiosNear(estimate, likeness));
    const usual = ratio === null ? formula : estimate * ratio;
    const bytes = usual === null && floor === 0 ? null : Math.max(floor, usual ?? 0);
    const same = this.#ratiosNear(estimate, sameness);
    const least = same.length > 0 ? estimate * Math.min(...same) : (formula ?? 0);
    return { bytes, leastBytes: bytes === null ? 0 : Math.min(bytes, Math.max(floor, least)) };
  }

  #ratiosNear(estimate: number, factor: number): number[] {
    return this.#peaks
      .filter((peak) => peak.estimate <= estimate * factor && peak.estimate >= estimate / factor)
      .map((peak) => peak.bytes / peak.estimate);
  }
}

function coveringRatio(ratios: readonly number[]): number | null {
  if (ratios.length === 0) return null;
  const ascending = [...ratios].sort((a, b) => a - b);
  const rank = Math.ceil((ascending.length + 1) * coverage);
  return rank <= ascending.length ? ascending[rank - 1]! : Math.max(1, ascending.at(-1)!);
}

/** A formula that gives no size is none. */
function formulaOf({ estimatedBytes }: Estimate): number | null {
  return estimatedBytes !== null && isSize(estimatedBytes) ? estimatedBytes : null;
}

function isSize(bytes: number): boolean {
  return bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER;
}
