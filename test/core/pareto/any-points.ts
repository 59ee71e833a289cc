import fc from 'fast-check';

/** Points on a small grid, so that ties and duplicates are common. */
export const pointsOf = (objectives: number, maxLength: number, max = 9) =>
  fc.array(fc.array(fc.nat({ max }), { minLength: objectives, maxLength: objectives }), { maxLength });
export const points = fc.integer({ min: 1, max: 5 }).chain((objectives) => pointsOf(objectives, 25));
