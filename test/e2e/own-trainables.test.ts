import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  startTrialgraph,
  type TrialgraphProcess,
  temporaryDirectory,
} from '../support/trialgraph-process.ts';

const examples = resolve('examples');
const exampleSettings = {
  TRIALGRAPH_TRAINABLES_DIR: join(examples, 'trainables'),
  TRIALGRAPH_DATASETS_DIR: join(examples, 'datasets'),
};

interface Trial {
  readonly state: string;
  readonly values: Record<string, number>;
  readonly error: string | null;
}

async function runStudy(server: TrialgraphProcess, input: object, trials = 6): Promise<Trial[]> {
  const { createStudy } = await server.graphql<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input: { sampler: { kind: 'random', seed: 1 }, stopRules: { maxTrials: trials }, ...input } },
  );
  await server.graphql('mutation ($id: ID!) { startStudy(id: $id) { id } }', createStudy);
  const read = async () => {
    const { study } = await server.graphql<{
      study: { state: string; trials: { edges: { node: Trial }[] } };
    }>(
      'query ($id: ID!) { study(id: $id) { state trials(first: 50) { edges { node { state values error } } } } }',
      createStudy,
    );
    return study;
  };
  await expect.poll(async () => (await read()).state, { timeout: 90_000, interval: 200 }).toBe('FINISHED');
  return (await read()).trials.edges.map(({ node }) => node);
}

const minimise = (metric: string) => [{ metric, direction: 'MINIMIZE' }];

test('the examples run in a real server, from TypeScript, beside the built-in trainables', async () => {
  await using directory = await temporaryDirectory();
  const server = await startTrialgraph({ dataDir: join(directory.path, 'data'), env: exampleSettings });
  try {
    const { trainables } = await server.graphql<{ trainables: { name: string }[] }>(
      '{ trainables { name } }',
    );
    expect(trainables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['dense', 'valley-descent', 'wave-regression', 'nearest-neighbours']),
    );

    const valley = { name: 'valley', trainable: 'valley-descent', objectives: minimise('height') };
    const descents = await runStudy(server, valley, 16);
    expect(descents.map(({ error }) => error)).toEqual(descents.map(() => null));
    // The start has a height of 12.5.
    expect(Math.min(...descents.map(({ values }) => values.height!))).toBeLessThan(3);

    const waves = await runStudy(server, {
      name: 'wave',
      trainable: 'wave-regression',
      trainableOptions: { epochs: 150 },
      objectives: minimise('loss'),
    });
    // The mean of the wave gives a squared error of 0.5.
    expect(Math.min(...waves.map(({ values }) => values.loss!))).toBeLessThan(0.2);

    const votes = await runStudy(server, {
      name: 'moons',
      trainable: 'nearest-neighbours',
      objectives: [{ metric: 'accuracy', direction: 'MAXIMIZE' }],
    });
    expect(Math.max(...votes.map(({ values }) => values.accuracy!))).toBeGreaterThan(0.85);

    await expect(
      runStudy(server, { name: 'other', trainable: 'vally-descent', objectives: minimise('height') }),
    ).rejects.toThrow(/"vally-descent" is not installed\. .*valley-descent/);
    await expect(
      runStudy(server, {
        name: 'space',
        trainable: 'valley-descent',
        objectives: minimise('height'),
        searchSpace: { momentum: { type: 'float', low: 0, high: 1 } },
      }),
    ).rejects.toThrow(/searchSpace\.momentum\.high/);
  } finally {
    expect(await server.stop()).toBe(0);
  }
});

describe('a server whose folder of trainables is faulty', () => {
  const whole = (name: string, rest = '') =>
    `import { defineTrainable } from 'trialgraph/trainable';
     export default defineTrainable({ name: '${name}', description: 'd', metrics: ['m'],
       space: { x: { type: 'float', low: 0, high: 1 } }, run: async () => ({ m: 1 }), ${rest} });`;

  test('does not start, and names every fault with its file and remedy', async () => {
    await using directory = await temporaryDirectory();
    const folder = join(directory.path, 'trainables');
    await mkdir(join(folder, 'lib'), { recursive: true });
    const files = {
      'a-sound-one.mjs': whole('sound'),
      'b-syntax.ts': 'export default {{',
      'c-taken.js': whole('dense'),
      'd-twice.ts': whole('sound'),
      'e-none.js': 'export const helper = 1;',
      'f-space.ts': whole('wide', "space: { x: { type: 'float', low: 2, high: 1 } }"),
      'g-import.ts': "import './lib/missing.ts';",
      'h-throws.js': "throw new Error('no licence');",
      'i-name.js': whole('a name'),
      'lib/not-a-module.ts': 'export default {{',
      'notes.txt': 'no module',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const start = startTrialgraph({
      dataDir: join(directory.path, 'data'),
      env: { TRIALGRAPH_TRAINABLES_DIR: folder },
    });
    const message = await start.then(
      () => 'it started',
      (error: Error) => error.message,
    );
    expect(message).toContain('The trainables of trainablesDir (TRIALGRAPH_TRAINABLES_DIR) cannot be used:');
    expect(message).toMatch(/b-syntax\.ts: cannot be loaded: /);
    expect(message).toMatch(
      /c-taken\.js: the name "dense" is that of a trainable that comes with trialgraph; /,
    );
    expect(message).toMatch(/d-twice\.ts: the name "sound" is that of .*a-sound-one\.mjs; choose another/);
    expect(message).toMatch(/e-none\.js: exports no trainable\. Write `export default defineTrainable/);
    expect(message).toMatch(/f-space\.ts: space\.x.*/);
    expect(message).toMatch(/g-import\.ts: cannot be loaded: .*missing\.ts/);
    expect(message).toMatch(/h-throws\.js: cannot be loaded: Error: no licence/);
    expect(message).toMatch(/i-name\.js: name: must be letters/);
    expect(message).not.toMatch(/a-sound-one\.mjs: |not-a-module|notes\.txt/);
  });

  test('does not start without the folder', async () => {
    await using directory = await temporaryDirectory();
    const missing = join(directory.path, 'missing');
    await expect(
      startTrialgraph({ dataDir: join(directory.path, 'data'), env: { TRIALGRAPH_TRAINABLES_DIR: missing } }),
    ).rejects.toThrow(/missing: cannot be read: .* Name a folder\./);
  });
});
