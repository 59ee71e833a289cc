import type {
  AppendResult,
  CommitPage,
  MetricBatch,
  MetricScope,
  MetricStore,
  NamedPoints,
  SeriesRequest,
  SeriesSummary,
} from '../../src/storage/metric-store.ts';

interface Write {
  readonly trialId: number;
  readonly name: string;
  readonly commit: number;
  readonly points: readonly Point[];
}

interface Point {
  readonly step: number;
  readonly value: number;
  readonly time: number;
}

interface Trial {
  readonly studyId: number;
  attempt: number | null;
  /** The batch numbers that the current attempt has stored. */
  readonly batches: Set<number>;
}

/** What a metric store must do, as plainly as it can be said: every write is kept and every answer computed anew. */
export class ModelMetricStore implements MetricStore {
  readonly #trials = new Map<number, Trial>();
  readonly #clocks = new Map<number, number>();
  #writes: readonly Write[] = [];

  addTrial(studyId: number, trialId: number): void {
    this.#trials.set(trialId, { studyId, attempt: 1, batches: new Set() });
  }

  /** Null: no attempt runs. */
  setAttempt(trialId: number, attempt: number | null): void {
    const trial = this.#trials.get(trialId)!;
    trial.attempt = attempt;
    trial.batches.clear();
  }

  deleteStudy(studyId: number): void {
    for (const [trialId, trial] of this.#trials) if (trial.studyId === studyId) this.#trials.delete(trialId);
    this.#writes = this.#writes.filter((write) => this.#trials.has(write.trialId));
    this.#clocks.delete(studyId);
  }

  async append(batch: MetricBatch): Promise<AppendResult> {
    return this.appendAt(batch, (this.#clocks.get(batch.studyId) ?? 0) + 1);
  }

  /** Appends as part of a commit of this number, which batches of one group share. */
  appendAt({ studyId, trialId, attempt, batch, series }: MetricBatch, commit: number | null): AppendResult {
    const trial = this.#trials.get(trialId);
    if (trial === undefined || trial.attempt !== attempt) return { outcome: 'refused' };
    if (batch !== null && trial.batches.has(batch)) return { outcome: 'repeated', commit: null };
    if (batch !== null) trial.batches.add(batch);
    if (commit === null) throw new Error('A batch that is stored has a commit');
    this.#clocks.set(studyId, commit);
    for (const { name, steps, values, times } of series) {
      const points = Array.from(steps, (step, i) => ({ step, value: values[i]!, time: times[i]! }));
      if (points.length > 0) this.#writes = [...this.#writes, { trialId, name, commit, points }];
    }
    return { outcome: 'stored', commit };
  }

  async read(
    trialIds: readonly number[],
    { names, fromStep = -Infinity, toStep = Infinity }: SeriesRequest,
  ): Promise<Map<number, NamedPoints[]>> {
    return this.#bySeries(trialIds, names, (_, name, writes) => {
      const lastByStep = new Map(writes.flatMap(({ points }) => points).map((point) => [point.step, point]));
      const points = [...lastByStep.values()].sort((a, b) => a.step - b.step);
      return toColumns(
        name,
        points.filter(({ step }) => step >= fromStep && step <= toStep),
      );
    });
  }

  async summaries(
    trialIds: readonly number[],
    names?: readonly string[],
  ): Promise<Map<number, SeriesSummary[]>> {
    return this.#bySeries(trialIds, names, (trialId, name, writes) => {
      const points = writes.flatMap((write) => write.points);
      const last = points.reduce((latest, point) => (point.step >= latest.step ? point : latest));
      const finite = points.map(({ value }) => value).filter(Number.isFinite);
      return {
        trialId,
        name,
        count: points.length,
        lastCommit: writes.at(-1)!.commit,
        lastStep: last.step,
        lastTime: last.time,
        lastValue: last.value,
        min: finite.length === 0 ? null : Math.min(...finite),
        max: finite.length === 0 ? null : Math.max(...finite),
      };
    });
  }

  async lastCommit(studyId: number): Promise<number> {
    return this.#clocks.get(studyId) ?? 0;
  }

  async readAfter(
    { studyId, trialIds, names }: MetricScope,
    after: number,
    maxPoints: number,
    upTo = Number.POSITIVE_INFINITY,
  ): Promise<CommitPage> {
    const inScope = this.#writes.filter(
      (write) =>
        this.#trials.get(write.trialId)!.studyId === studyId &&
        write.commit > after &&
        write.commit <= upTo &&
        (trialIds === undefined || trialIds.includes(write.trialId)) &&
        (names === undefined || names.includes(write.name)),
    );
    const commits = [...new Set(inScope.map((write) => write.commit))];
    const sizeOf = (commit: number): number =>
      inScope.filter((write) => write.commit === commit).reduce((sum, { points }) => sum + points.length, 0);
    let points = 0;
    let taken = 0;
    while (taken < commits.length && (taken === 0 || points < maxPoints)) points += sizeOf(commits[taken++]!);
    const isAll = taken === commits.length;
    const newest = await this.lastCommit(studyId);
    const commit = isAll ? Math.min(newest, upTo) : commits[taken - 1]!;

    const deltas = new Map<string, { trialId: number; name: string; points: Point[] }>();
    for (const write of inScope.filter((candidate) => candidate.commit <= commit)) {
      const key = `${write.trialId}/${write.name}`;
      const delta = deltas.get(key) ?? { trialId: write.trialId, name: write.name, points: [] };
      delta.points.push(...write.points);
      deltas.set(key, delta);
    }
    return {
      commit,
      newest,
      deltas: [...deltas.values()].map(({ trialId, name, points }) => ({
        trialId,
        ...toColumns(name, points),
      })),
    };
  }

  async close(): Promise<void> {}

  #bySeries<T>(
    trialIds: readonly number[],
    names: readonly string[] | undefined,
    compute: (trialId: number, name: string, writes: readonly Write[]) => T,
  ): Map<number, T[]> {
    return new Map(
      trialIds.map((trialId) => {
        const writes = this.#writes.filter((write) => write.trialId === trialId);
        const wanted = [...new Set(writes.map((write) => write.name))]
          .filter((name) => names === undefined || names.includes(name))
          .sort();
        return [
          trialId,
          wanted.map((name) =>
            compute(
              trialId,
              name,
              writes.filter((write) => write.name === name),
            ),
          ),
        ];
      }),
    );
  }
}

function toColumns(name: string, points: readonly Point[]): NamedPoints {
  return {
    name,
    steps: Int32Array.from(points, ({ step }) => step),
    values: Float64Array.from(points, ({ value }) => value),
    times: Float64Array.from(points, ({ time }) => time),
  };
}
