import fc from 'fast-check';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { resultsText } from '../../../src/commands/demo/results-text.ts';
import { scatterPlot } from '../../../src/commands/demo/scatter-plot.ts';
import { completed, trialData } from './watched-study.ts';

const colors = pc.createColors(false);

test('the results fit 100 columns and name every trial, the front and the reasons', () => {
  const front = [completed(3, 0.9751, 14.2), completed(0, 0.9512, 3.1)];
  const reason = 'valAccuracy 0.09499999999 by step 15 is below the median 0.8765432 of 11 trials';
  const trials = [
    front[1]!,
    trialData(1, { state: 'PRUNED', pruneReason: reason }),
    completed(2, 0.4, 9),
    front[0]!,
    trialData(4, { state: 'FAILED', error: 'The loss became NaN.\n    at train' }),
  ];
  const text = resultsText({ trials, front, best: front[0]!, seconds: 60, events: 12 }, 200, colors);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  expect(text).toContain('Pareto front (accuracy against training seconds): #3, #0');
  expect(text).toContain(
    'Best accuracy 0.9751: #3, 128-64 relu, dropout 0.25, batch 128, sgd 1.5e-3 mom. 0.90',
  );
  expect(text.replace(/\s+/g, ' ')).toContain('The loss became NaN.');
  expect(text).toContain('1 completed trial lies below.');
});

test('a plot has its size and shows every point of the front', () => {
  const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const points = fc.uniqueArray(fc.record({ x: coordinate, y: coordinate, isOnFront: fc.boolean() }), {
    minLength: 1,
    maxLength: 20,
    // Points in one cell hide one another.
    selector: ({ y }) => Math.round(y / 2e5),
  });
  fc.assert(
    fc.property(points, (found) => {
      const labelled = found.map((point, number) => ({ ...point, label: `#${number}` }));
      const show = (value: number): string => value.toExponential(1);
      const lines = scatterPlot(labelled, { width: 72, height: 12, showX: show, showY: show, colors });
      expect(lines).toHaveLength(14);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(72);
      if (labelled.some(({ isOnFront }) => isOnFront)) expect(lines.join('\n')).toContain('●');
    }),
  );
});
