import { expect, test } from 'vitest';
import { startGraphql } from './harness.ts';
import { createStudies } from './studies.ts';

const server = await startGraphql();
const { data, post } = server;
const { createStudy, askTrials, completeTrials } = createStudies(server);

interface Importance {
  parameter: string;
  importance: number;
  raw: number;
  activation: number;
}

async function importances(id: string, args = ''): Promise<Importance[]> {
  const { study } = await data<{ study: { importances: Importance[] } }>(
    `query ($id: ID!) { study(id: $id) { importances${args} { parameter importance raw activation } } }`,
    { id },
  );
  return study.importances;
}

test('importances say which parameters matter, by one objective or for the front, and follow the study', async () => {
  const unit = { type: 'float', low: 0, high: 1 };
  const study = await createStudy({
    objectives: [
      { metric: 'loss', direction: 'MINIMIZE' },
      { metric: 'speed', direction: 'MAXIMIZE' },
    ],
    searchSpace: { x: unit, y: unit, idle: unit },
  });
  expect(await importances(study)).toEqual(
    ['x', 'y', 'idle'].map((parameter) => ({ parameter, importance: 0, raw: 0, activation: 0 })),
  );
  await completeTrials(await askTrials(study, 80), ({ params }) => {
    const { x, y } = params as { x: number; y: number };
    return { loss: x + y, speed: x - y };
  });
  const [first] = await importances(study);
  expect(first!.parameter).toBe('y');
  expect(first!.importance).toBeGreaterThan(0.8);
  for (const args of ['(objective: "loss")', '(objective: "speed", baseline: SPACE)']) {
    const all = await importances(study, args);
    expect(all.map(({ parameter }) => parameter)[2]).toBe('idle');
    expect(all.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 9);
  }
});

test('an objective that the study does not have is refused with what it has', async () => {
  const id = await createStudy();
  const { errors } = await post(
    'query ($id: ID!) { study(id: $id) { importances(objective: "los") { parameter } } }',
    { id },
  );
  expect(errors![0]).toMatchObject({
    message: 'objective: "los" is not an objective. Did you mean "loss"?',
    extensions: { code: 'BAD_USER_INPUT' },
  });
});
