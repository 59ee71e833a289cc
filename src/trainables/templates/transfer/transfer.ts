import { InputError } from '../../../core/errors.ts';
import { loadedDataset } from '../../datasets/load-dataset.ts';
import { size } from '../../models/layer-shapes.ts';
import { loadModel } from '../../models/load-model.ts';
import { defineTrainable, type MetricValues, type TrialContext } from '../../trainable.ts';
import { possibleTasks, taskOf } from '../dataset-task.ts';
import { evaluationBatch } from '../learner.ts';
import { ModelSize } from '../model-size.ts';
import { scheduleOf } from '../supervised-options.ts';
import { metricsOf, trainSupervised } from '../train-supervised.ts';
import { type TransferParams, transferParams, transferSpace } from './transfer-params.ts';
import { type TransferOptions, type TransferPlan, transferOptions, transferPlan } from './transfer-plan.ts';
import { tunedModel } from './tuned-model.ts';

/** A trained model of the operator's with another head: transfer learning, with or without fine-tuning. */
export const transfer = defineTrainable({
  name: 'transfer',
  description: 'A trained model from the operator’s folder: its first layers frozen, a new head.',
  space: transferSpace,
  params: transferParams,
  options: transferOptions,
  metrics: [...new Set(possibleTasks.flatMap(metricsOf))],
  metricsOf: ({ dataset }) => metricsOf(taskOf(loadedDataset(dataset))),
  datasets: ({ dataset }) => [dataset],
  check: (options) => {
    scheduleOf(options, { batchSize: 1, trainShare: 1 });
    const { input } = loadedDataset(options.dataset);
    if (input.kind === 'text') {
      throw InputError.at(
        'trainableOptions.dataset',
        `"${options.dataset}" is a dataset of kind text, but transfer takes image or table. Choose another dataset.`,
      );
    }
    transferPlan(options, input);
  },
  totalSteps: (params, options) => scheduleOf(options, params).steps,
  estimateMemory: (params, options) => {
    const dataset = loadedDataset(options.dataset);
    const plan = transferPlan(options, dataset.input);
    const counts = plan.kept
      .map(({ name }) => plan.model.weights.get(name) ?? 0)
      .filter((count) => count > 0);
    const frozen = sum(counts.slice(0, params.frozenLayers));
    const activations = sum([...plan.shapes.values()].map(size));
    const features = plan.shapes.get(plan.features)!;
    const pooled = features.length === 3 && params.pooling !== 'flatten' ? features.slice(-1) : features;
    const model = new ModelSize(dataset.input.shape);
    model.addLayers(sum(counts) - frozen, size(plan.inputShape) + activations, pooled);
    for (let layer = 0; layer < params.headLayers; layer++) model.addDense(params.units);
    model.addDense(taskOf(dataset).outputs);
    // Where nothing is learnt a value is kept once, not three times.
    const batch = Math.max(params.batchSize, evaluationBatch / 3);
    // All weights of the file are loaded before those of its head are let go.
    return model.trainingBytes(batch, params.optimizer) + 4 * sum([...plan.model.weights.values()]);
  },
  run: tune,
});

async function tune(trial: TrialContext<TransferParams, TransferOptions>): Promise<MetricValues> {
  const { tf, options, params } = trial;
  const plan: TransferPlan = transferPlan(options, loadedDataset(options.dataset).input);
  const base = await loadModel(tf, plan.model);
  const withWeights = plan.kept.filter(({ name }) => plan.model.weights.has(name)).length;
  trial.log(
    `${plan.model.folder} up to ${plan.features}: ${withWeights} layers with weights, ` +
      `${Math.min(params.frozenLayers, withWeights)} of them frozen`,
  );
  return trainSupervised(
    trial,
    (_, params, input, outputs, random) =>
      tunedModel(tf, base, plan, options, { params, input, outputs, random }),
    taskOf,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
