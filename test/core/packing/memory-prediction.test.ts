import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryPrediction } from '../../../src/core/packing/memory-prediction.ts';
import { createRandom } from '../../../src/core/random.ts';

const bytes = fc.double({ min: 1, max: 1e12, noNaN: true });
const estimate = fc.record({ estimatedBytes: fc.option(bytes, { freq: 5 }) });
const history = fc.array(fc.tuple(estimate, bytes, fc.boolean()), { maxLength: 40 });

function predictionAfter(events: readonly (readonly [{ estimatedBytes: number | null }, number, boolean])[]) {
  const prediction = new MemoryPrediction();
  for (const [of, amount, fits] of events) {
    if (fits) prediction.observePeak(of, amount);
    else prediction.observeOutOfMemory(of, amount);
  }
  return prediction;
}

describe('a prediction', () => {
  test('is the estimate while nothing is known, and unknown without one', () => {
    expect(new MemoryPrediction().predict({ estimatedBytes: 5 })).toEqual({ bytes: 5, leastBytes: 5 });
    expect(new MemoryPrediction().predict({ estimatedBytes: null })).toEqual({ bytes: null, leastBytes: 0 });
  });

  test('never falls because a trial ran out, and is then above what it had', () => {
    fc.assert(
      fc.property(history, estimate, estimate, bytes, (events, out, other, amount) => {
        const prediction = predictionAfter(events);
        const before = prediction.predict(other).bytes;
        prediction.observeOutOfMemory(out, amount);
        const after = prediction.predict(other).bytes;
        if (before !== null) expect(after).toBeGreaterThanOrEqual(before);
        expect(prediction.predict(out).bytes).toBeGreaterThan(amount);
        // Nobody tries it again where there is no more than that.
        expect(prediction.predict(out).leastBytes).toBeGreaterThan(amount);
      }),
    );
  });

  test('is never less for the larger of two estimates that ran out', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.double({ min: 1, max: 1e3, noNaN: true }), (estimated, amount, factor) => {
        const prediction = predictionAfter([[{ estimatedBytes: estimated }, amount, false]]);
        const larger = prediction.predict({ estimatedBytes: estimated * factor }).bytes;
        expect(larger).toBeGreaterThanOrEqual(prediction.predict({ estimatedBytes: estimated }).bytes!);
      }),
    );
  });

  test('is a positive finite number whatever was observed, faults included', () => {
    const anything = fc.double();
    fc.assert(
      fc.property(fc.array(fc.tuple(anything, anything, fc.boolean())), bytes, (events, estimatedBytes) => {
        const prediction = predictionAfter(events.map(([e, b, f]) => [{ estimatedBytes: e }, b, f] as const));
        const predicted = prediction.predict({ estimatedBytes }).bytes;
        expect(predicted).toBeGreaterThan(0);
        expect(predicted).toBeLessThan(Infinity);
        expect(prediction.predict({ estimatedBytes }).leastBytes).toBeLessThanOrEqual(predicted!);
      }),
    );
  });

  test('covers about nine of ten peaks, however wrong the formula is', () => {
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      const prediction = new MemoryPrediction();
      let covered = 0;
      for (let i = 0; i < 1000; i++) {
        const estimatedBytes = 1e6 * 10 ** random.uniform();
        const peak = estimatedBytes * 3 * 2 ** random.uniform();
        if (i >= 100 && peak <= prediction.predict({ estimatedBytes }).bytes!) covered++;
        prediction.observePeak({ estimatedBytes }, peak);
      }
      expect(covered / 900).toBeGreaterThan(0.86);
      expect(covered / 900).toBeLessThan(0.95);
    }
  });

  test('does not blow up for large settings because small ones need what every process needs', () => {
    const prediction = new MemoryPrediction();
    for (let i = 0; i < 20; i++) prediction.observePeak({ estimatedBytes: 1e5 }, 1e7);
    expect(prediction.predict({ estimatedBytes: 1e9 })).toEqual({ bytes: 1e9, leastBytes: 1e9 });
    expect(prediction.predict({ estimatedBytes: 2e5 })).toEqual({ bytes: 2e7, leastBytes: 2e5 });
    expect(prediction.predict({ estimatedBytes: 1.1e5 }).leastBytes).toBeCloseTo(1.1e7);
  });

  test('falls again when a setting as large has fitted in less', () => {
    const prediction = new MemoryPrediction();
    prediction.observeOutOfMemory({ estimatedBytes: 100 }, 400);
    expect(prediction.predict({ estimatedBytes: 100 }).bytes).toBe(500);
    prediction.observePeak({ estimatedBytes: 100 }, 300);
    expect(prediction.predict({ estimatedBytes: 100 }).bytes).toBe(300);
  });
});
