import { expect, test } from 'vitest';
import { startGraphql } from './harness.ts';
import { createStudies } from './studies.ts';

const server = await startGraphql();
const { data } = server;
const { createStudy, askTrials, completeTrials } = createStudies(server);

interface Found {
  readonly study: {
    readonly trials: { edges: { node: { number: number; params: { x: number }; insideSpace: boolean } }[] };
    readonly trialColumns: { readonly numbers: number[]; readonly insideSpace: boolean[] };
  };
}

test('trials and trialColumns say which trials are inside the space as it is now', async () => {
  const study = await createStudy();
  const trials = await askTrials(study, 12);
  // The last one still runs while the space changes.
  await completeTrials(trials.slice(0, -1), ({ params }) => ({ loss: params.x as number }));
  for (const high of [0.5, 2]) {
    await data(
      'mutation ($id: ID!, $space: JSON!) { updateStudy(id: $id, input: { searchSpace: $space }) { id } }',
      { id: study, space: { x: { type: 'float', low: 0, high } } },
    );
    const { study: found } = await data<Found>(
      `query ($id: ID!) {
        study(id: $id) {
          trials { edges { node { number params insideSpace } } }
          trialColumns { numbers insideSpace }
        }
      }`,
      { id: study },
    );
    const shown = found.trials.edges.map(({ node }) => node);
    const inside = new Map(shown.map((trial) => [trial.number, trial.insideSpace]));
    for (const { number, params } of shown) expect(inside.get(number)).toBe(params.x <= high);
    expect(new Set(inside.values()).size).toBe(high === 0.5 ? 2 : 1);
    expect(found.trialColumns.insideSpace).toEqual(found.trialColumns.numbers.map((n) => inside.get(n)));
    expect(found.trialColumns.numbers).toHaveLength(11);
  }
});
