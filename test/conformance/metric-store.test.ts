import { describe, expect, test } from 'vitest';
import type { MetricPoints, MetricStore, NamedPoints, SeriesDelta } from '../../src/storage/metric-store.ts';
import { implementations, type SubjectTrial } from './metric-store-subject.ts';

describe.each(implementations)('$name', async ({ create }) => {
  const subject = await create();
  const store = subject.open();
  const otherStore = subject.open();
  /** Writes what it is given to its series at once. */
  const directStore = subject.open(0);

  const append = (
    trial: SubjectTrial,
    series: readonly NamedPoints[],
    {
      attempt = 1,
      batch = null,
      on = store,
    }: { attempt?: number; batch?: number | null; on?: MetricStore } = {},
  ) => on.append({ ...trial, attempt, batch, series });

  test('returns every bit of what was appended', async () => {
    const [trial] = await subject.createTrials(1);
    const values = [
      0,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.MIN_VALUE,
      -Number.MAX_VALUE,
      Number.EPSILON,
      0.1 + 0.2,
      Math.PI,
    ];
    const times = values.map((_, i) => 1.8e12 + i / 3);
    const loss = points('loss', [...values.keys()], values, times);
    await append(trial!, [loss]);
    expect(bits(await seriesOf(store, trial!, 'loss'))).toEqual(bits(loss));
  });

  test('returns even the bits of a NaN that no arithmetic makes, from steps out of order', async () => {
    const [trial] = await subject.createTrials(1);
    const nans = new Float64Array(BigUint64Array.of(0x7ff8_0000_0000_0001n, 0xfff8_1234_5678_9abcn).buffer);
    await append(trial!, [{ ...points('loss', [2, 1], [0, 0]), values: nans }]);
    const { values } = await seriesOf(store, trial!, 'loss');
    expect([...new BigUint64Array(values.buffer)]).toEqual([0xfff8_1234_5678_9abcn, 0x7ff8_0000_0000_0001n]);
  });

  test('takes steps of the whole range of int32', async () => {
    const [trial] = await subject.createTrials(1);
    await append(trial!, [points('loss', [2 ** 31 - 1, 0, -(2 ** 31)], [3, 2, 1])]);
    expect(columns(await seriesOf(store, trial!, 'loss'))).toEqual([
      [-(2 ** 31), 0, 2 ** 31 - 1],
      [1, 2, 3],
    ]);
  });

  test('lets the last write of a step win, within a batch and between batches', async () => {
    const [trial] = await subject.createTrials(1);
    await append(trial!, [points('loss', [1, 2, 1], [10, 20, 11])]);
    await append(trial!, [points('loss', [3, 2], [30, 21])]);
    expect(columns(await seriesOf(store, trial!, 'loss'))).toEqual([
      [1, 2, 3],
      [11, 21, 30],
    ]);
  });

  test('reads the range of steps that is asked for, both ends included', async () => {
    const [trial] = await subject.createTrials(1);
    await append(trial!, [points('loss', [1, 2, 3, 4], [1, 2, 3, 4])]);
    const read = async (fromStep?: number, toStep?: number) => {
      const series = await store.read([trial!.trialId], { fromStep, toStep });
      return [...series.get(trial!.trialId)![0]!.steps];
    };
    expect(await read(2, 3)).toEqual([2, 3]);
    expect(await read(3)).toEqual([3, 4]);
    expect(await read(undefined, 1)).toEqual([1]);
    expect(await read(4, 2)).toEqual([]);
  });

  test('summarises what was written: overwritten points count, NaN and infinities are no extremes', async () => {
    const [trial] = await subject.createTrials(1);
    await append(trial!, [points('loss', [5, 5, 1], [Number.NaN, 7, -3]), points('empty', [], [])]);
    await append(trial!, [points('loss', [4], [Number.POSITIVE_INFINITY])]);
    expect((await store.summaries([trial!.trialId])).get(trial!.trialId)).toEqual([
      {
        trialId: trial!.trialId,
        name: 'loss',
        count: 4,
        lastCommit: 2,
        lastStep: 5,
        lastTime: 0,
        lastValue: 7,
        min: -3,
        max: 7,
      },
    ]);
  });

  test('the last write of a step wins, whichever server wrote it in whichever way', async () => {
    const [trial] = await subject.createTrials(1);
    const servers = [store, directStore, otherStore];
    for (let i = 0; i < 9; i++) {
      await append(trial!, [points('loss', [i === 8 ? 3 : 5, 1], [i, i], [i, i])], { on: servers[i % 3]! });
      if (i === 4) await subject.settle();
      if (i % 3 === 0) await subject.compact();
    }
    expect(columns(await seriesOf(otherStore, trial!, 'loss'))).toEqual([
      [1, 3, 5],
      [8, 8, 7],
    ]);
    expect((await directStore.summaries([trial!.trialId])).get(trial!.trialId)).toMatchObject([
      { count: 18, lastCommit: 9, lastStep: 5, lastTime: 7, lastValue: 7, min: 0, max: 8 },
    ]);
  });

  test('shows each reader what was acknowledged before it asked, while others settle and read', async () => {
    const trials = await subject.createTrials(2);
    const rounds = 15;
    const work = trials.flatMap((trial) =>
      [store, directStore].map(async (on, server) => {
        for (let i = 0; i < rounds; i++) {
          await append(trial, [points(`s${server}`, [i], [i])], { on, batch: i * 2 + server });
          const reader = [store, otherStore, directStore][i % 3]!;
          const [series, summary, page] = await Promise.all([
            reader.read([trial.trialId], { names: [`s${server}`] }),
            reader.summaries([trial.trialId], [`s${server}`]),
            reader.readAfter({ studyId: trial.studyId, trialIds: [trial.trialId] }, 0, 1e9),
          ]);
          expect(series.get(trial.trialId)![0]!.steps).toHaveLength(i + 1);
          expect(summary.get(trial.trialId)![0]!.count).toBe(i + 1);
          expect(page.deltas.find(({ name }) => name === `s${server}`)!.steps).toHaveLength(i + 1);
        }
      }),
    );
    await Promise.all(work);
    expect(await store.lastCommit(trials[0]!.studyId)).toBeLessThanOrEqual(rounds * 4);
  });

  test('knows nothing of trials without points', async () => {
    const [trial] = await subject.createTrials(1);
    expect(await store.read([trial!.trialId], {})).toEqual(new Map([[trial!.trialId, []]]));
    expect(await store.summaries([trial!.trialId])).toEqual(new Map([[trial!.trialId, []]]));
    expect(await store.lastCommit(trial!.studyId)).toBe(0);
    expect(await store.readAfter({ studyId: trial!.studyId }, 0, 10)).toEqual({
      commit: 0,
      newest: 0,
      deltas: [],
    });
  });

  test.each([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])(
    'stores the batch of the number %i once, whichever server gets it again',
    async (batch) => {
      const [trial] = await subject.createTrials(1);
      const series = [points('loss', [1], [1])];
      expect(await append(trial!, series, { batch })).toEqual({ outcome: 'stored', commit: 1 });
      expect(await append(trial!, series, { batch })).toEqual({ outcome: 'repeated', commit: null });
      expect(await append(trial!, series, { batch, on: otherStore })).toEqual({
        outcome: 'repeated',
        commit: null,
      });
      expect((await store.summaries([trial!.trialId])).get(trial!.trialId)).toMatchObject([{ count: 1 }]);
    },
  );

  test('remembers batch numbers in any order, and for each attempt anew', async () => {
    const [trial] = await subject.createTrials(1);
    const outcomes = async (attempt: number, batches: readonly number[]) => {
      const results = [];
      for (const batch of batches) {
        const series = [points('loss', [batch], [attempt])];
        results.push((await append(trial!, series, { attempt, batch })).outcome);
      }
      return results;
    };
    expect(await outcomes(1, [5, 3, 4, 5, 3, 6])).toEqual([
      'stored',
      'stored',
      'stored',
      'repeated',
      'repeated',
      'stored',
    ]);
    await subject.setAttempt(trial!, 2);
    expect(await outcomes(2, [5, 5])).toEqual(['stored', 'repeated']);
  });

  test('stores nothing of an attempt that does not run, and gives its number of a commit to no one', async () => {
    const [trial, other] = await subject.createTrials(2);
    await append(trial!, [points('loss', [1], [1])]);
    await subject.setAttempt(trial!, 2);
    for (const attempt of [1, 3]) {
      expect(await append(trial!, [points('loss', [1], [9])], { attempt })).toEqual({ outcome: 'refused' });
    }
    expect(await append(other!, [points('loss', [1], [1])])).toEqual({ outcome: 'stored', commit: 2 });
    await subject.setAttempt(trial!, null);
    expect(await append(trial!, [points('loss', [1], [9])], { attempt: 2 })).toEqual({ outcome: 'refused' });
    expect(columns(await seriesOf(store, trial!, 'loss'))).toEqual([[1], [1]]);
  });

  test('refuses points of a study that was deleted, and forgets what it had', async () => {
    const [trial] = await subject.createTrials(1);
    await append(trial!, [points('loss', [1], [1])]);
    await subject.deleteStudy(trial!.studyId);
    expect(await append(trial!, [points('loss', [2], [2])])).toEqual({ outcome: 'refused' });
    expect(await store.read([trial!.trialId], {})).toEqual(new Map([[trial!.trialId, []]]));
    expect(await store.lastCommit(trial!.studyId)).toBe(0);
  });

  test('deletes studies while points of them come in on two servers', async () => {
    const trials = await Promise.all(Array.from({ length: 6 }, () => subject.createTrials(4)));
    const appends = trials.flat().flatMap((trial, i) =>
      Array.from({ length: 8 }, async (_, n) => {
        await new Promise((resolve) => setTimeout(resolve, n * 4));
        return append(trial, [points(`loss${n}`, [1], [1])], { on: i % 2 === 0 ? store : otherStore });
      }),
    );
    const deletions = trials.map(async ([trial], i) => {
      // The first of the study's, so that something is stored; the others are on their way or still to come.
      await appends[i * 4 * 8];
      await subject.deleteStudy(trial!.studyId);
    });
    let isDone = false;
    const settling = (async () => {
      while (!isDone) await subject.settle().then(() => new Promise((resolve) => setImmediate(resolve)));
    })();
    const outcomes = (await Promise.all(appends)).map(({ outcome }) => outcome);
    await Promise.all(deletions);
    isDone = true;
    await settling;
    for (const [trial] of trials) expect(await store.lastCommit(trial!.studyId)).toBe(0);
    expect(new Set(outcomes)).toEqual(new Set(['stored', 'refused']));
  });

  test('keeps the order of appends to one series that are under way together', async () => {
    const [trial] = await subject.createTrials(1);
    await Promise.all(Array.from({ length: 200 }, (_, i) => append(trial!, [points('loss', [7], [i])])));
    expect(columns(await seriesOf(store, trial!, 'loss'))).toEqual([[7], [199]]);
  });

  test('gives a follower whole commits: the first at least, and no more once it has enough', async () => {
    const [trial] = await subject.createTrials(1);
    for (let i = 0; i < 4; i++) await append(trial!, [points('loss', [i, i + 10, i + 20], [i, i, i])]);
    const read = async (after: number, maxPoints: number) => {
      const { commit, deltas } = await store.readAfter({ studyId: trial!.studyId }, after, maxPoints);
      return { commit, steps: deltas.flatMap(({ steps }) => [...steps]) };
    };
    expect(await read(0, 0)).toEqual({ commit: 1, steps: [0, 10, 20] });
    expect(await read(1, 1)).toEqual({ commit: 2, steps: [1, 11, 21] });
    expect(await read(1, 4)).toEqual({ commit: 3, steps: [1, 11, 21, 2, 12, 22] });
    expect(await read(1, 1e9)).toMatchObject({ commit: 4 });
    expect(await read(4, 100)).toEqual({ commit: 4, steps: [] });
  });

  test('gives a follower that reads all the while every point once and in order, from two servers', async () => {
    const trials = await subject.createTrials(3);
    const [{ studyId }] = trials as [SubjectTrial];
    let isWriting = true;
    const compaction = (async () => {
      while (isWriting) {
        await subject.settle();
        await subject.compact();
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const writers = trials.flatMap((trial, t) =>
      [store, otherStore, directStore].map(async (on, server) => {
        for (let i = 0; i < 25; i++) {
          await append(trial, [points(`server${server}`, [i], [t])], { on });
        }
      }),
    );
    const followed: SeriesDelta[] = [];
    const follower = (async () => {
      for (let after = 0, isLast = false; !isLast; ) {
        isLast = !isWriting;
        const { commit, deltas } = await otherStore.readAfter({ studyId }, after, 5);
        followed.push(...deltas);
        if (commit > after) isLast = false;
        after = commit;
      }
    })();
    await Promise.all(writers);
    isWriting = false;
    await compaction;
    await follower;
    for (const { trialId } of trials) {
      for (const name of ['server0', 'server1', 'server2']) {
        const steps = followed
          .filter((delta) => delta.trialId === trialId && delta.name === name)
          .flatMap((delta) => [...delta.steps]);
        expect(steps).toEqual(Array.from({ length: 25 }, (_, i) => i));
      }
    }
  });
});

function points(
  name: string,
  steps: readonly number[],
  values: readonly number[],
  times: readonly number[] = steps.map(() => 0),
): NamedPoints {
  return {
    name,
    steps: Int32Array.from(steps),
    values: Float64Array.from(values),
    times: Float64Array.from(times),
  };
}

async function seriesOf(store: MetricStore, { trialId }: SubjectTrial, name: string): Promise<NamedPoints> {
  const series = (await store.read([trialId], { names: [name] })).get(trialId)!;
  expect(series).toHaveLength(1);
  return series[0]!;
}

function columns({ steps, values }: MetricPoints): [number[], number[]] {
  return [[...steps], [...values]];
}

function bits({ steps, values, times }: MetricPoints): string[] {
  return [steps, values, times].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength).toString('hex'),
  );
}
