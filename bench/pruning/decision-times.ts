import type { JsonObject } from '../../src/core/json.ts';
import { LiveStudyView } from '../../src/core/live-study-view.ts';
import { parseStudyProblem } from '../../src/core/parse-problem.ts';
import { createPruner } from '../../src/core/pruners/create-pruner.ts';
import { createRandom } from '../../src/core/random.ts';

const finishedTrials = 10_000;
const steps = 100;
const runningTrials = 20;

const kinds: Readonly<Record<string, JsonObject>> = {
  median: { kind: 'median' },
  percentile: { kind: 'percentile' },
  wilcoxon: { kind: 'wilcoxon' },
  asha: { kind: 'asha' },
  'asha, promotion': { kind: 'asha', promotion: true },
  'asha, two objectives': { kind: 'asha', metric: null },
  hyperband: { kind: 'hyperband', maxResource: 1000 },
  front: { kind: 'front' },
};

/** The mean milliseconds of a report and its decision, beside 10,000 finished trials of 100 steps. */
export function decisionTimes(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, settings]) => [name, decisionTime(settings, name)]),
  );
}

function decisionTime(settings: JsonObject, name: string): number {
  const random = createRandom(3);
  const isMulti = name === 'front' || name.includes('two');
  const problem = parseStudyProblem({
    searchSpace: {},
    objectives: ['a', ...(isMulti ? ['b'] : [])].map((metric) => ({ metric, direction: 'MINIMIZE' })),
  });
  const view = new LiveStudyView(problem);
  const pruner = createPruner(settings, problem)!;
  const metrics = problem.objectives.map(({ metric }) => metric);
  const stepColumn = Array.from({ length: steps }, (_, i) => i + 1);
  for (let number = 0; number < finishedTrials; number++) {
    const values: Record<string, number> = {};
    for (const metric of metrics) {
      const level = random.uniform();
      const curve = stepColumn.map((step) => level + 1 / step + 0.01 * random.normal());
      view.appendCurve(number, metric, stepColumn, curve);
      values[metric] = curve.at(-1)!;
    }
    view.apply({ number, state: 'COMPLETED', params: {}, values, feasible: null });
  }
  // The structures are built at the first decision after a start; that is not what is measured.
  const measure = (first: number): number => {
    const start = performance.now();
    for (let step = 1; step <= steps; step++) {
      for (let number = first; number < first + runningTrials; number++) {
        if (step === 1) view.apply({ number, state: 'RUNNING', params: {}, values: null, feasible: null });
        for (const metric of metrics) {
          view.appendCurve(number, metric, [step], [random.uniform() + 1 / step]);
        }
        pruner.decide(view, view.trial(number)!, new Map(metrics.map((metric) => [metric, step - 1])));
        pruner.promote?.(view);
      }
    }
    return (performance.now() - start) / (steps * runningTrials);
  };
  measure(finishedTrials);
  return measure(finishedTrials + runningTrials);
}
