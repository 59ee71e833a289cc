import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Curve } from '../../src/dashboard/charts/curves/curve.ts';
import { ShownRanges } from '../../src/dashboard/charts/curves/shown-ranges.ts';

const view = { axis: 'step', logX: false, logY: false, smoothing: 0 } as const;

function shown(values: readonly number[], state: 'RUNNING' | 'COMPLETED' = 'COMPLETED', firstStep = 0) {
  const curve = new Curve();
  const steps = values.map((_, i) => firstStep + i);
  curve.replace({ steps, values, times: steps.map((step) => 1000 * step) }, values.length);
  return { trial: { id: 'trial-1', number: 1, state }, curve, startMs: 0 };
}

test('axes hold all finite values and steps, with room at the ends; logarithmic ones are above zero', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: 1e-6, max: 1e6 }), { minLength: 2, maxLength: 30 }),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom('RUNNING' as const, 'COMPLETED' as const),
      (values, logX, logY, state) => {
        const ranges = new ShownRanges({ ...view, logX, logY }, null, null);
        // The second time, what was there is kept as far as it fits.
        for (const part of [values.slice(0, -1), values]) {
          ranges.fit([shown(part, state, 1)]);
          expect(ranges.x[0]).toBeLessThan(1);
          expect(ranges.x[1]).toBeGreaterThan(part.length);
          expect(ranges.y[0]).toBeLessThan(Math.min(...part));
          expect(ranges.y[1]).toBeGreaterThan(Math.max(...part));
          if (logX) expect(ranges.x[0]).toBeGreaterThan(0);
          if (logY) expect(ranges.y[0]).toBeGreaterThan(0);
        }
      },
    ),
  );
});

test('zooming out as far as it went in shows the whole again', () => {
  const ranges = new ShownRanges(view, null, null);
  const curves = [shown([3, 1, 2, 5, 4])];
  ranges.fit(curves);
  const zoom = ranges.zoomedAbout(1 / 2, 0.3)!;
  expect(ranges.setZoom(zoom)).toBe(true);
  expect(ranges.setZoom(zoom)).toBe(false);
  ranges.fit(curves);
  expect(ranges.x).toEqual(zoom);
  const [low, high] = ranges.panned(0.1);
  expect(high - low).toBeCloseTo(zoom[1] - zoom[0]);
  expect(ranges.zoomedAbout(3, 0.3)).toBeNull();
});
