import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Params } from '../../../src/core/search-space/space.ts';
import { loadBackend } from '../../../src/trainables/backends/load-backend.ts';
import { offerModels } from '../../../src/trainables/models/saved-models.ts';
import { builtinTrainables } from '../../../src/trainables/registry.ts';
import { runLocally } from '../local-trial.ts';
import { saveModel, smallResidual, smallVgg } from '../models/save-model.ts';

const backend = await loadBackend('wasm');
const { tf } = backend;
const trainables = builtinTrainables();
const mib = 2 ** 20;

const folder = await mkdtemp(join(tmpdir(), 'models-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
offerModels(folder);
for (const [name, model] of Object.entries({ vgg: smallVgg(), residual: smallResidual() })) {
  await saveModel(model, join(folder, name));
  model.dispose();
}

const mnist = { dataset: 'mnist', trainExamples: 256, validationExamples: 250, epochs: 1, stepExamples: 256 };

// What tensors fill, however large or small the batches and layers: 4 MiB beside them is what a backend has in any case.
describe.each<[string, Params, JsonObject]>([
  ['autoencoder', { codeSize: 8, units: 32, batchSize: 32 }, mnist],
  ['autoencoder', { codeSize: 64, layers: 3, units: 512, batchSize: 256, dropout: 0.2, noise: 0.1 }, mnist],
  [
    'autoencoder',
    { codeSize: 64, layers: 2, shape: 'tapered', units: 1024, optimizer: 'sgd', batchSize: 64 },
    mnist,
  ],
  ['gan', { generatorUnits: 512, discriminatorUnits: 512, layers: 2, batchSize: 32 }, gan(256)],
  ['gan', { generatorUnits: 64, discriminatorUnits: 64, batchSize: 256, noise: 0.2 }, gan(512)],
  ['gan', { architecture: 'convolution', batchSize: 32 }, gan(64)],
  ['transfer', { frozenLayers: 0, batchSize: 32, pooling: 'flatten' }, { ...mnist, model: 'vgg' }],
  ['transfer', { batchSize: 128, headLayers: 2, units: 256 }, { ...mnist, model: 'vgg' }],
  ['transfer', { frozenLayers: 1, batchSize: 64 }, { ...mnist, model: 'residual' }],
])('the memory that %s is predicted to need with %j', (name, params, options) => {
  it('is no less than what it needs, and at most three times as much', async () => {
    const trainable = trainables.get(name)!;
    const meter = backend.runs.measureRun();
    const run = await runLocally(trainable, { tf, params, options });
    expect(run.error).toBeUndefined();
    const peak = meter.peakBytes;
    const predicted = trainable.estimateMemory(params, options)!;
    expect(predicted).toBeGreaterThanOrEqual(peak * 0.9);
    expect(predicted).toBeLessThanOrEqual(3 * peak + 4 * mib);
  });
});

function gan(trainExamples: number): JsonObject {
  return { trainExamples, epochs: 1, stepExamples: trainExamples, comparedImages: 100 };
}

describe('the memory that tsne is predicted to need', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const arrays = async (): Promise<number> => {
    collectGarbage();
    // What arrays had is given back beside, by another thread.
    await setTimeout(50);
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };

  it.each([200, 600])(
    'for %i examples is what its arrays need, or up to five times what is in use between its steps',
    async (examples) => {
      const tsne = trainables.get('tsne')!;
      const options = { dataset: 'mnist', examples };
      await tsne.prepare(options);
      const before = await arrays();
      let peak = 0;
      let turns = 0;
      await tsne.run({
        tf,
        params: { iterations: 60 },
        options,
        seed: 1,
        device: { id: 'cpu', kind: 'cpu', cuda: null },
        peakBytes: 0,
        signal: new AbortController().signal,
        nextBatch: async () => {
          if (++turns % 40 === 0) peak = Math.max(peak, (await arrays()) - before);
        },
        report: async () => {},
        checkpoint: async () => {},
        restore: () => null,
        artifact: async () => {},
        log: () => {},
      });
      const predicted = tsne.estimateMemory({}, options)!;
      expect(predicted).toBeGreaterThan(peak);
      expect(predicted).toBeLessThan(5 * peak);
    },
  );
});
