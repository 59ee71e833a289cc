import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { progressLines } from '../../../src/commands/demo/progress-lines.ts';
import { completed, reportStep, startedMs, trialData, watchTrials } from './watched-study.ts';

const states = ['QUEUED', 'RUNNING', 'COMPLETED', 'PRUNED', 'INFEASIBLE', 'FAILED', 'CANCELLED'] as const;
const screen = {
  columns: 89,
  rows: 30,
  colors: pc.createColors(false),
  startedMs,
  nowMs: startedMs + 10_000,
};

test('the progress of any study fits any terminal of at least 24 columns and 6 rows', () => {
  const trials = fc.array(fc.constantFrom(...states), { maxLength: 40 });
  fc.assert(
    fc.property(
      trials,
      fc.integer({ min: 0, max: 2000 }),
      fc.integer({ min: 24, max: 200 }),
      fc.integer({ min: 6, max: 80 }),
      fc.integer({ min: 0, max: 60 }),
      (made, toCome, columns, rows, step) => {
        const data = made.map((state, number) => trialData(number, { state }));
        const watch = watchTrials(made.length + toCome, data);
        made.forEach((_, number) => void reportStep(watch, number, step));
        const lines = progressLines(watch, { ...screen, columns, rows, colors: pc.createColors(true) });
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(stripVTControlCharacters(line).length).toBeLessThan(columns);
      },
    ),
  );
});

test('a trial has its state, its bar, its step, its metrics and the time it still takes', () => {
  const watch = watchTrials(3, [completed(0, 0.9712, 8.25), trialData(1, {})]);
  reportStep(watch, 1, 20);
  const lines = progressLines(watch, screen);
  expect(lines[0]).toBe('1/3 trials done · best accuracy 0.9712 (#0) · 0:10 elapsed · about 0:32 left');
  expect(lines[3]).toMatch(/^#0 {5}completed {3}━{30} +50\/50 +0\.9712 +8\.3 s$/);
  expect(lines[4]).toMatch(/^#1 {5}running {5}━{12}─{18} +20\/50 +0\.5000 +0:15 left$/);
  expect(lines[5]).toMatch(/^#2 {5}waiting {5}─{30}$/);
});

test('where there are more trials than rows, those that run come first and the others are counted', () => {
  const trials = Array.from({ length: 30 }, (_, number) => completed(number, 0.9, 5));
  const watch = watchTrials(100, [...trials, trialData(30, {}), trialData(31, {})]);
  const lines = progressLines(watch, { ...screen, rows: 10 });
  expect(lines.slice(3).map((line) => line.split(/ {2,}/)[0])).toEqual([
    '#27',
    '#28',
    '#29',
    '#30',
    '#31',
    'and 27 completed, 68 waiting',
  ]);
});

test('what a study still takes is its trials’ mean duration, as many at once as have been seen', () => {
  const watch = watchTrials(6, [trialData(0, {}), trialData(1, {})]);
  expect(watch.remainingMs(startedMs + 1000)).toBeNull();
  reportStep(watch, 0, 25);
  reportStep(watch, 1, 25);
  // Both need 20 s, of which 10 are left; the four to come need 20 s each.
  expect(watch.remainingMs(startedMs + 10_000)).toBe((10_000 + 10_000 + 4 * 20_000) / 2);
});
