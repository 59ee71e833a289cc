import { expect, test } from 'vitest';
import type { StudyInsights } from '../../src/client/index.ts';
import { startGraphql } from './harness.ts';
import { createStudies } from './studies.ts';

const server = await startGraphql();
const { data, post } = server;
const { createStudy, askTrials, completeTrials } = createStudies(server);

const space = {
  x: { type: 'float', low: 0, high: 1 },
  idle: { type: 'int', low: 1, high: 4 },
  model: { type: 'categorical', choices: ['good', 'bad'] },
  badness: { type: 'float', low: 0, high: 1, when: { model: 'bad' } },
};
const query = `query ($study: ID!) {
  studyInsights(study: $study) {
    trials goodTrials deviceHours uselessDeviceHours sentences
    importances { parameter importance }
    idleParameters { parameter importance trials pValue sentence }
    uselessRanges { parameter low high choices trials bestValues pValue deviceHours sentence }
    spentTrials { outcome trials share deviceHours sentence }
    unexplored { share parameters distance points sentence }
    suggestedSpace { searchSpace keptVolume sentence changes { parameter keptShare sentence } }
  }
}`;

test('insights of a study, and a clone that starts warm in the space they suggest', async () => {
  const study = await createStudy({ searchSpace: space, tags: ['original'] });
  const { studyInsights: before } = await data<{ studyInsights: StudyInsights }>(query, { study });
  expect(before).toMatchObject({
    trials: 0,
    uselessRanges: [],
    suggestedSpace: { searchSpace: space, changes: [] },
  });
  expect(before.sentences[0]).toBe('No trial has ended yet.');

  const trials = await askTrials(study, 120);
  await completeTrials(trials, ({ params }) => ({ loss: lossOf(params) }));
  const { studyInsights: found } = await data<{ studyInsights: StudyInsights }>(query, { study });
  expect(found).toMatchObject({ trials: 120, goodTrials: 12, spentTrials: [] });
  expect(found.deviceHours).toBeGreaterThan(0);
  expect(found.importances[0]!.parameter).toBe('x');
  expect(found.idleParameters.map((entry) => entry.parameter)).toContain('idle');
  const useless = Object.fromEntries(found.uselessRanges.map((range) => [range.parameter, range]));
  const bad = trials.filter(({ params }) => params.model === 'bad');
  expect(useless.model!).toMatchObject({ low: null, high: null, choices: ['bad'], trials: bad.length });
  expect(useless.model!.deviceHours).toBeGreaterThan(0);
  expect(useless.x).toMatchObject({ high: 1, choices: null });

  const searchSpace = found.suggestedSpace.searchSpace as typeof space;
  expect(searchSpace).toMatchObject({ x: { low: 0 }, model: { choices: ['good'] }, idle: space.idle });
  expect(searchSpace).not.toHaveProperty('badness');
  const { cloneStudy: clone } = await data<{ cloneStudy: { id: string } }>(
    `mutation ($id: ID!, $space: JSON) {
      cloneStudy(id: $id, name: "narrower", warmStart: true, searchSpace: $space) { id tags searchSpace trialCounts { queued } }
    }`,
    { id: study, space: searchSpace },
  );
  expect(clone).toMatchObject({ tags: ['original'], searchSpace, trialCounts: { queued: 8 } });
  const again = await askTrials(clone.id, 30);
  for (const { params } of again) {
    expect(Object.keys(params).toSorted()).toEqual(['idle', 'model', 'x']);
    expect(params.x).toBeLessThanOrEqual(searchSpace.x.high);
  }
  const best = trials.toSorted((a, b) => lossOf(a.params) - lossOf(b.params)).slice(0, 8);
  expect(again.slice(0, 8).map(({ params }) => params)).toEqual(best.map(({ params }) => params));
});

const lossOf = (params: Readonly<Record<string, unknown>>) =>
  1 + (params.x as number) + (params.model === 'bad' ? 1 : 0);

test('a warm clone in a space that the best parameters do not fit leaves what does not fit to the sampler', async () => {
  const study = await createStudy({ searchSpace: space });
  await completeTrials(await askTrials(study, 3), () => ({ loss: 1 }));
  const other = { x: { type: 'float', low: 5, high: 6 }, idle: space.idle };
  const { cloneStudy } = await data<{ cloneStudy: { id: string } }>(
    `mutation ($id: ID!, $space: JSON) {
      cloneStudy(id: $id, name: "elsewhere", warmStart: true, searchSpace: $space) { id }
    }`,
    { id: study, space: other },
  );
  for (const { params } of await askTrials(cloneStudy.id, 3)) expect(params.x).toBeGreaterThanOrEqual(5);
});

test('an unknown study, an unknown objective and a faulty space are refused', async () => {
  const id = await createStudy();
  const codeOf = async (document: string) => (await post(document, { id })).errors![0]!;
  expect(await codeOf('{ studyInsights(study: "study-999999") { trials } }')).toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
  expect(
    await codeOf('query ($id: ID!) { studyInsights(study: $id, objective: "los") { trials } }'),
  ).toMatchObject({ message: 'objective: "los" is not an objective. Did you mean "loss"?' });
  expect(
    await codeOf(
      'mutation ($id: ID!) { cloneStudy(id: $id, name: "faulty", searchSpace: { x: { type: "float", low: 2, high: 1 } }) { id } }',
    ),
  ).toMatchObject({ message: expect.stringMatching(/^searchSpace\.x\.low: /) });
});
