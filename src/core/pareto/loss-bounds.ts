import type { Losses } from './losses.ts';

/** The least and the greatest finite loss in each objective; infinite the wrong way round before there is one. */
export class LossBounds {
  readonly least: number[];
  readonly greatest: number[];

  constructor(objectives: number) {
    this.least = new Array(objectives).fill(Number.POSITIVE_INFINITY);
    this.greatest = new Array(objectives).fill(Number.NEGATIVE_INFINITY);
  }

  static of(points: readonly Losses[], objectives = points[0]?.length ?? 0): LossBounds {
    const bounds = new LossBounds(objectives);
    for (const point of points) bounds.add(point);
    return bounds;
  }

  add(losses: Losses): void {
    for (let k = 0; k < losses.length; k++) {
      const loss = losses[k]!;
      if (!Number.isFinite(loss)) continue;
      if (loss < this.least[k]!) this.least[k] = loss;
      if (loss > this.greatest[k]!) this.greatest[k] = loss;
    }
  }
}
