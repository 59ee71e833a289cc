import fc from 'fast-check';
import { expect, test } from 'vitest';
import type {
  AppendResult,
  MetricPoints,
  MetricScope,
  MetricStore,
  NamedPoints,
  SeriesDelta,
} from '../../src/storage/metric-store.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { postgresSubject, type SubjectTrial } from './metric-store-subject.ts';
import { ModelMetricStore } from './model-metric-store.ts';

const { pool } = await createTestDatabase();
const subject = postgresSubject(pool);
/** Two servers on one database. One writes larger commits to their series at once, as all do with still larger ones. */
const stores = [subject.open(), subject.open(2)] as const;

const names = ['loss', 'accuracy', 'µ/σ "x"'];
const [studyCount, trialsPerStudy, followerCount] = [2, 3, 3];

test('whatever is written and read on two servers, PostgreSQL answers as the model does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action(), { minLength: 1, maxLength: 25 }), async (actions) => {
      const history = await History.begin();
      for (const next of actions) await history.perform(next);
      await history.finish();
    }),
    { numRuns: 40, interruptAfterTimeLimit: 15_000 },
  );
});

/** What happens; trials and followers by their place. */
type Action =
  | { readonly do: 'append'; readonly batches: readonly ArbitraryBatch[]; readonly on: readonly number[] }
  | { readonly do: 'setAttempt'; readonly trial: number; readonly ends: boolean }
  | { readonly do: 'read'; readonly fromStep: number | undefined; readonly toStep: number | undefined }
  | { readonly do: 'settle' }
  | { readonly do: 'compact' }
  | { readonly do: 'follow'; readonly follower: number; readonly maxPoints: number };

interface ArbitraryBatch {
  readonly trial: number;
  /** Beside the attempt that runs. */
  readonly lateBy: number;
  readonly batch: number | null;
  readonly series: readonly NamedPoints[];
}

function action(): fc.Arbitrary<Action> {
  const int32 = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }) },
    { weight: 1, arbitrary: fc.integer() },
    { weight: 1, arbitrary: fc.constantFrom(2 ** 31 - 1, -(2 ** 31), -1) },
  );
  const point = fc.record({ step: int32, value: anyFloat64(), time: anyFloat64() });
  const series = fc.record({ name: fc.constantFrom(...names), points: fc.array(point, { maxLength: 6 }) });
  const trial = fc.nat({ max: studyCount * trialsPerStudy - 1 });
  const batch: fc.Arbitrary<ArbitraryBatch> = fc.record({
    trial,
    lateBy: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constantFrom(1, -1)),
    batch: fc.option(int32, { freq: 3 }),
    series: fc.array(series.map(toColumns), { maxLength: 3 }),
  });
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        batches: fc.array(batch, { minLength: 1, maxLength: 6 }),
        on: fc.constantFrom([0], [1], [0, 1]),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('setAttempt' as const), trial, ends: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('read' as const),
        fromStep: fc.option(int32, { nil: undefined }),
        toStep: fc.option(int32, { nil: undefined }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'settle' as const }) },
    { weight: 2, arbitrary: fc.constant({ do: 'compact' as const }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('follow' as const),
        follower: fc.nat({ max: followerCount - 1 }),
        maxPoints: fc.nat({ max: 20 }),
      }),
    },
  );
}

function anyFloat64(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.double(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, Number.MIN_VALUE),
  );
}

function toColumns({
  name,
  points,
}: {
  name: string;
  points: readonly { step: number; value: number; time: number }[];
}): NamedPoints {
  return {
    name,
    steps: Int32Array.from(points, ({ step }) => step),
    values: Float64Array.from(points, ({ value }) => value),
    times: Float64Array.from(points, ({ time }) => time),
  };
}

/** A reader that has come to a commit and kept all that it was given. */
interface Follower {
  readonly scope: MetricScope;
  after: number;
  readonly seen: Map<string, MetricPoints[]>;
}

class History {
  readonly #model = new ModelMetricStore();
  readonly #trials: readonly SubjectTrial[];
  readonly #attempts: number[];
  readonly #followers: readonly Follower[];

  private constructor(trials: readonly SubjectTrial[]) {
    this.#trials = trials;
    this.#attempts = trials.map(() => 1);
    for (const { studyId, trialId } of trials) this.#model.addTrial(studyId, trialId);
    const { studyId, trialId } = trials[0]!;
    this.#followers = [{ studyId }, { studyId, trialIds: [trialId] }, { studyId, names: names.slice(1) }].map(
      (scope) => ({ scope, after: 0, seen: new Map() }),
    );
  }

  static async begin(): Promise<History> {
    const studies = await Promise.all(
      Array.from({ length: studyCount }, () => subject.createTrials(trialsPerStudy)),
    );
    return new History(studies.flat());
  }

  async perform(next: Action): Promise<void> {
    switch (next.do) {
      case 'append':
        return this.#append(next.batches, next.on);
      case 'setAttempt':
        return this.#setAttempt(next.trial, next.ends);
      case 'read':
        return this.#compareReads(next.fromStep, next.toStep);
      case 'settle':
        return subject.settle();
      case 'compact':
        return subject.compact();
      case 'follow':
        return this.#follow(this.#followers[next.follower]!, next.maxPoints);
    }
  }

  async finish(): Promise<void> {
    await this.#compareReads(undefined, undefined);
    for (const follower of this.#followers) {
      const newest = await this.#model.lastCommit(follower.scope.studyId);
      while (follower.after < newest) await this.#follow(follower, 7);
      const { deltas } = await this.#model.readAfter(follower.scope, 0, Number.POSITIVE_INFINITY);
      expect(bytesBySeries(follower.seen)).toEqual(bytesBySeries(groupDeltas(new Map(), deltas)));
    }
  }

  async #append(batches: readonly ArbitraryBatch[], on: readonly number[]): Promise<void> {
    const sent = batches.map(({ trial, lateBy, batch, series }, i) => ({
      store: stores[on[i % on.length]!]!,
      batch: { ...this.#trials[trial]!, attempt: this.#attempts[trial]! - lateBy, batch, series },
    }));
    const results = await Promise.all(sent.map(({ store, batch }) => store.append(batch)));
    const before = new Map<number, number>();
    for (const { studyId } of this.#trials) before.set(studyId, await this.#model.lastCommit(studyId));

    // The model takes them in the order of their commits; a repetition comes after what it repeats.
    const order = sent
      .map(({ batch }, i) => ({ batch, result: results[i]! }))
      .sort((a, b) => place(a.result) - place(b.result));
    for (const { batch, result } of order) {
      expect(this.#model.appendAt(batch, commitOf(result))).toEqual(result);
    }
    for (const [studyId, last] of before) {
      const commits = new Set(
        order.flatMap(({ batch, result }) => (batch.studyId === studyId ? (commitOf(result) ?? []) : [])),
      );
      expect([...commits]).toEqual(Array.from({ length: commits.size }, (_, i) => last + 1 + i));
    }
  }

  async #setAttempt(place: number, ends: boolean): Promise<void> {
    const trial = this.#trials[place]!;
    this.#attempts[place]! += 1;
    const attempt = ends ? null : this.#attempts[place]!;
    await subject.setAttempt(trial, attempt);
    this.#model.setAttempt(trial.trialId, attempt);
  }

  async #compareReads(fromStep: number | undefined, toStep: number | undefined): Promise<void> {
    const trialIds = this.#trials.map(({ trialId }) => trialId);
    const [someTrials, someNames] = [trialIds.slice(1), names.slice(1)];
    const ask = async (store: MetricStore) => ({
      all: seriesBytes(await store.read(trialIds, { fromStep, toStep })),
      some: seriesBytes(await store.read(someTrials, { names: someNames, fromStep, toStep })),
      summaries: sortedSummaries(await store.summaries(trialIds)),
      someSummaries: sortedSummaries(await store.summaries(someTrials, someNames)),
      lastCommits: await Promise.all(this.#trials.map(({ studyId }) => store.lastCommit(studyId))),
    });
    const expected = await ask(this.#model);
    for (const store of stores) expect(await ask(store)).toEqual(expected);
  }

  async #follow(follower: Follower, maxPoints: number): Promise<void> {
    const { scope, after } = follower;
    const expected = await this.#model.readAfter(scope, after, maxPoints);
    const { commit, newest, deltas } = await stores[1].readAfter(scope, after, maxPoints);
    expect({ commit, newest }).toEqual({ commit: expected.commit, newest: expected.newest });
    expect(bytesBySeries(groupDeltas(new Map(), deltas))).toEqual(
      bytesBySeries(groupDeltas(new Map(), expected.deltas)),
    );
    groupDeltas(follower.seen, deltas);
    follower.after = commit;
  }
}

function commitOf(result: AppendResult): number | null {
  return result.outcome === 'stored' ? result.commit : null;
}

function place(result: AppendResult): number {
  return commitOf(result) ?? Number.MAX_SAFE_INTEGER;
}

function groupDeltas(
  into: Map<string, MetricPoints[]>,
  deltas: readonly SeriesDelta[],
): Map<string, MetricPoints[]> {
  for (const delta of deltas) {
    const key = `${delta.trialId}/${delta.name}`;
    into.set(key, [...(into.get(key) ?? []), delta]);
  }
  return into;
}

function bytesBySeries(series: ReadonlyMap<string, readonly MetricPoints[]>): Record<string, string> {
  return Object.fromEntries([...series].map(([key, parts]) => [key, bytesOf(parts)]));
}

function seriesBytes(series: ReadonlyMap<number, readonly NamedPoints[]>): unknown {
  return [...series].map(([trialId, list]) => [
    trialId,
    Object.fromEntries(list.map((points) => [points.name, bytesOf([points])])),
  ]);
}

/** Each column of all parts, to the bit. */
function bytesOf(parts: readonly MetricPoints[]): string {
  const column = (pick: (points: MetricPoints) => Int32Array | Float64Array): string =>
    parts
      .map((points) => {
        const { buffer, byteOffset, byteLength } = pick(points);
        return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
      })
      .join('');
  return [column((p) => p.steps), column((p) => p.values), column((p) => p.times)].join(' ');
}

/** A summary is for reading: it does not tell -0 from 0. */
function sortedSummaries(summaries: Awaited<ReturnType<MetricStore['summaries']>>): unknown {
  const plain = (value: number | null) => (value === null ? null : value + 0);
  return [...summaries].map(([trialId, list]) => [
    trialId,
    list
      .map((summary) => ({
        ...summary,
        lastTime: plain(summary.lastTime),
        lastValue: plain(summary.lastValue),
        min: plain(summary.min),
        max: plain(summary.max),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  ]);
}
