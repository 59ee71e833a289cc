import { expect, test } from 'vitest';
import { startGraphql } from './harness.ts';
import { createStudies } from './studies.ts';

const server = await startGraphql();
const { data, post, subscribe, engine } = server;
const { createStudy, askTrials, completeTrial } = createStudies(server);

interface Best {
  readonly metric: string;
  readonly numbers: number[];
  readonly results: number[];
  readonly values: number[];
}

async function bestOf(study: string): Promise<Best[]> {
  const answer = await data<{ study: { bestSoFar: Best[] } }>(
    'query ($id: ID!) { study(id: $id) { bestSoFar { metric numbers results values } } }',
    { id: study },
  );
  return answer.study.bestSoFar;
}

/** Forgets what is in memory: the answer then comes from the database. */
const forget = (study: string) => engine.live.drop(Number(study.slice('study-'.length)));

test('each objective has the results that were better than all before, in memory and from the database alike', async () => {
  const study = await createStudy({
    objectives: [
      { metric: 'loss', direction: 'MINIMIZE' },
      { metric: 'accuracy', direction: 'MAXIMIZE' },
    ],
    constraints: [{ metric: 'bytes', comparison: 'LESS_OR_EQUAL', bound: 100 }],
  });
  expect(await bestOf(study)).toMatchObject([{ numbers: [] }, { numbers: [] }]);
  forget(study);
  expect(await bestOf(study)).toMatchObject([{ numbers: [] }, { numbers: [] }]);

  const trials = await askTrials(study, 7);
  // The third breaks the constraint; the fourth ties; the fifth has no number for an objective, so it fails.
  const values = [
    { loss: 3, accuracy: 0.5, bytes: 1 },
    { loss: 2, accuracy: 0.4, bytes: 1 },
    { loss: 1, accuracy: 0.9, bytes: 101 },
    { loss: 2, accuracy: 0.5, bytes: 1 },
    null,
    { loss: -4.25, accuracy: 0.6, bytes: 1 },
    { loss: 7, accuracy: 0.7, bytes: 1 },
  ];
  for (const [i, result] of values.entries()) {
    if (result !== null) await completeTrial(trials[i]!.id, result);
  }
  const expected = [
    { metric: 'loss', numbers: [0, 1, 5], results: [1, 2, 4], values: [3, 2, -4.25] },
    { metric: 'accuracy', numbers: [0, 5, 6], results: [1, 4, 5], values: [0.5, 0.6, 0.7] },
  ];
  expect(await bestOf(study)).toEqual(expected);
  forget(study);
  expect(await bestOf(study)).toEqual(expected);
  expect(await bestOf(study)).toEqual(expected);

  // What is kept of a study that is not in memory ends with its next change.
  await completeTrial(trials[4]!.id, { loss: -5, accuracy: 0, bytes: 1 });
  forget(study);
  expect((await bestOf(study))[0]!.values).toEqual([3, 2, -4.25, -5]);
});

test('studiesChanged tells of studies and trials that come, change and go, several at once', async () => {
  const changes = subscribe<{ studiesChanged: string }>('subscription { studiesChanged(maxRateHz: 20) }');
  const first = (await changes.next()).studiesChanged;
  const study = await createStudy();
  const second = (await changes.next()).studiesChanged;
  expect(Date.parse(second)).toBeGreaterThanOrEqual(Date.parse(first));
  const [trial] = await askTrials(study, 1);
  await changes.next();
  await completeTrial(trial!.id, { loss: 1 });
  await changes.next();
  await data('mutation ($id: ID!) { deleteStudy(id: $id) }', { id: study });
  await changes.next();
});

test('studiesChanged refuses a pace that makes no sense', async () => {
  const changes = subscribe('subscription { studiesChanged(maxRateHz: 0) }');
  await expect(changes.next()).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('deviceSeconds sums how long trials ran', async () => {
  const study = await createStudy();
  const query = 'query ($id: ID!) { study(id: $id) { deviceSeconds } }';
  expect(await post(query, { id: study })).toEqual({ data: { study: { deviceSeconds: 0 } } });
  const [trial] = await askTrials(study, 1);
  await new Promise((resolve) => setTimeout(resolve, 30));
  await completeTrial(trial!.id, { loss: 1 });
  const { study: found } = await data<{ study: { deviceSeconds: number } }>(query, { id: study });
  expect(found.deviceSeconds).toBeGreaterThanOrEqual(0.03);
});
