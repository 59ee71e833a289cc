import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../src/core/json.ts';
import { createRandom } from '../../src/core/random.ts';
import { completeParams } from '../../src/core/search-space/complete-params.ts';
import { parseSearchSpace } from '../../src/core/search-space/parse-search-space.ts';
import { loadBackend } from '../../src/trainables/backends/load-backend.ts';
import { dense } from '../../src/trainables/templates/dense.ts';
import { runLocally } from '../../test/trainables/local-trial.ts';

/**
 * Records learning curves: `node --import tsx bench/pruning/record-mnist.ts COUNT` adds COUNT of them to
 * mnist-dense.ndjson. Each line has the random parameters of a `dense` classifier and how many of 400 held-back digits
 * it read rightly after each of 81 steps of 300 examples; a curve that ends early has diverged.
 */
const file = join(import.meta.dirname, 'mnist-dense.ndjson');
const validationExamples = 400;
const options: JsonObject = {
  trainExamples: 3_000,
  epochs: 8.1,
  stepExamples: 300,
  validationExamples,
  validationSample: validationExamples,
};

const { tf } = await loadBackend('wasm');
const space = parseSearchSpace({ ...dense.space });
const recorded = await readFile(file, 'utf8').catch(() => '');
const first = recorded.split('\n').length - 1;
for (let number = first; number < first + Number(process.argv[2]); number++) {
  const params = completeParams(space, {}, {}, createRandom(1, number));
  const { reports } = await runLocally(dense, { tf, params, options, seed: number + 1 });
  const hits = reports.map(({ values }) => Math.round(values.valAccuracy! * validationExamples));
  await appendFile(file, `${JSON.stringify({ params, hits })}\n`);
}
