import { describe, expect, test } from 'vitest';
import { startGraphql } from './harness.ts';
import { createStudies } from './studies.ts';

const server = await startGraphql();
const { data, post } = server;
const { createStudy, askTrials, completeTrial } = createStudies(server);

const objectives = [
  { metric: 'loss', direction: 'MINIMIZE' },
  { metric: 'accuracy', direction: 'MAXIMIZE' },
];

/** A study whose trials have these losses and accuracies. */
async function studyOf(results: readonly (readonly [number, number])[]): Promise<string> {
  const study = await createStudy({ objectives });
  const trials = await askTrials(study, results.length);
  for (const [i, [loss, accuracy]] of results.entries())
    await completeTrial(trials[i]!.id, { loss, accuracy });
  return study;
}

const results = [
  [4, 2],
  [5, 1],
  [1, 1],
  [3, 4],
] as const;

test('the front comes in columns, with what each trial contributes, from a point that can be named', async () => {
  const id = await studyOf(results);
  const front = 'numbers values crowdingDistances contributions hypervolume referencePoint';
  const { study } = await data(
    `query ($id: ID!) {
      study(id: $id) {
        paretoFront { ${front} }
        named: paretoFront(referencePoint: { loss: 5, accuracy: 0 }) { ${front} }
        hypervolume(referencePoint: { loss: 5, accuracy: 0 })
      }
    }`,
    { id },
  );
  const columns = {
    numbers: [2, 3],
    values: { loss: [1, 3], accuracy: [1, 4] },
    crowdingDistances: [null, null],
  };
  expect(study).toEqual({
    paretoFront: {
      ...columns,
      contributions: [2 * 0.3, 2.4 * 3].map((value) => expect.closeTo(value, 9)),
      hypervolume: expect.closeTo(4.4 * 0.3 + 2.4 * 3, 9),
      referencePoint: { loss: expect.closeTo(5.4, 9), accuracy: expect.closeTo(0.7, 9) },
    },
    named: {
      ...columns,
      contributions: [2, 6],
      hypervolume: 10,
      referencePoint: { loss: 5, accuracy: 0 },
    },
    hypervolume: 10,
  });
});

test('the hypervolume’s history is measured from one point, and grows as trials end', async () => {
  const id = await studyOf(results);
  const query = `query ($id: ID!) {
    study(id: $id) {
      hypervolumeHistory(referencePoint: { loss: 5, accuracy: 0 }) { numbers ended hypervolumes referencePoint }
    }
  }`;
  const history = async () =>
    (await data<{ study: { hypervolumeHistory: object } }>(query, { id })).study.hypervolumeHistory;
  const before = { numbers: [0, 2, 3], ended: [1, 3, 4], hypervolumes: [2, 5, 10] };
  expect(await history()).toMatchObject(before);
  const [next] = await askTrials(id, 1);
  await completeTrial(next!.id, { loss: 0, accuracy: 4 });
  const after = { numbers: [0, 2, 3, 4], ended: [1, 3, 4, 5], hypervolumes: [2, 5, 10, 20] };
  expect(await history()).toMatchObject(after);
});

test('a study of one objective has no front to show, and no reference point', async () => {
  const id = await createStudy();
  const { study } = await data(
    'query ($id: ID!) { study(id: $id) { hypervolume paretoFront { numbers } hypervolumeHistory { numbers } } }',
    { id },
  );
  expect(study).toEqual({ hypervolume: null, paretoFront: null, hypervolumeHistory: null });
  const { errors } = await post(
    'query ($id: ID!) { study(id: $id) { hypervolume(referencePoint: { loss: 1 }) } }',
    { id },
  );
  expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
});

describe('rankTrials', () => {
  const query = `query ($study: ID!, $scalarisation: JSON!, $first: Int) {
    rankTrials(study: $study, scalarisation: $scalarisation, first: $first) { trial { number values } score violation }
  }`;

  test('ranks the trials of any study by weights or bounds', async () => {
    const study = await studyOf(results);
    const ranked = async (scalarisation: object, first?: number) =>
      (await data<{ rankTrials: { trial: { number: number } }[] }>(query, { study, scalarisation, first }))
        .rankTrials;
    expect(await ranked({ kind: 'linear', weights: { loss: 1, accuracy: 0 } }, 2)).toEqual([
      { trial: { number: 2, values: { loss: 1, accuracy: 1 } }, score: 0, violation: 0 },
      { trial: { number: 3, values: { loss: 3, accuracy: 4 } }, score: 1, violation: 0 },
    ]);
    const bounded = await ranked({ kind: 'epsilonConstraint', objective: 'loss', bounds: { accuracy: 2 } });
    expect(bounded.map(({ trial }) => trial.number)).toEqual([3, 0, 2, 1]);
    expect(await ranked({ kind: 'linear', weights: { loss: 1, accuracy: 1 } }, 0)).toEqual([]);
  });

  test.each([
    [{ kind: 'linear', weights: { los: 1 } }, 10, 'scalarisation.weights.los'],
    [{ kind: 'linear', weights: { loss: 1, accuracy: 1 } }, -1, 'first'],
    ['linear', 10, 'scalarisation'],
  ])('refuses %j, %d', async (scalarisation, first, path) => {
    const study = await createStudy({ objectives });
    const { errors } = await post(query, { study, scalarisation, first });
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toContain(path);
  });
});

describe('a scalarisation of a study', () => {
  const scalarisation = { kind: 'tchebycheff', weights: { loss: 1, accuracy: 3 } };

  test('is kept, copied and changed with it, and checked', async () => {
    const id = await createStudy({ objectives, scalarisation });
    const of = async (study: string) =>
      (
        await data<{ study: { scalarisation: unknown } }>(
          'query ($study: ID!) { study(id: $study) { scalarisation } }',
          { study },
        )
      ).study.scalarisation;
    expect(await of(id)).toEqual(scalarisation);
    const { cloneStudy } = await data<{ cloneStudy: { id: string } }>(
      'mutation ($id: ID!) { cloneStudy(id: $id, name: "scalarised clone") { id } }',
      { id },
    );
    expect(await of(cloneStudy.id)).toEqual(scalarisation);
    const change =
      'mutation ($id: ID!, $input: UpdateStudyInput!) { updateStudy(id: $id, input: $input) { id } }';
    await data(change, { id, input: { description: 'new' } });
    expect(await of(id)).toEqual(scalarisation);
    const { errors } = await post(change, { id, input: { scalarisation: { kind: 'linear' } } });
    expect(errors![0]!.message).toContain('scalarisation.weights');
    await data(change, { id, input: { scalarisation: null } });
    expect(await of(id)).toBeNull();
  });

  test('leads the sampler to the best compromise, while the front stays over all objectives', async () => {
    // On the hollow front f2 = 1 - x^2 a sum would lead to the ends.
    const study = await createStudy({
      objectives: [
        { metric: 'f1', direction: 'MINIMIZE' },
        { metric: 'f2', direction: 'MINIMIZE' },
      ],
      searchSpace: { x: { type: 'float', low: 0, high: 1 } },
      sampler: { kind: 'tpe', seed: 1 },
      scalarisation: { kind: 'tchebycheff', weights: { f1: 1, f2: 1 }, normalise: false },
    });
    const late: number[] = [];
    for (let i = 0; i < 40; i++) {
      const [trial] = await askTrials(study, 1);
      const x = trial!.params.x as number;
      await completeTrial(trial!.id, { f1: x, f2: 1 - x * x });
      if (i >= 20) late.push(x);
    }
    const near = late.filter((x) => Math.abs(x - (Math.sqrt(5) - 1) / 2) < 0.15);
    expect(near.length).toBeGreaterThan(12);
    const { study: shown } = await data<{ study: { bestTrials: unknown[] } }>(
      'query ($study: ID!) { study(id: $study) { bestTrials(first: 100) { id } } }',
      {
        study,
      },
    );
    expect(shown.bestTrials).toHaveLength(40);
  });
});
