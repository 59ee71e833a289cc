import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeviceLoad, placeTrial } from '../../../src/core/packing/place-trial.ts';
import { WaitingLine } from '../../../src/core/packing/waiting-line.ts';

const capacityBytes = 100;
const slots = 4;

interface Job {
  readonly trial: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly priority: number;
}

/** Runs jobs that come one a round on some devices, always looking at those that wait first, in their order. */
function simulate(jobs: readonly Job[], devices: number) {
  const line = new WaitingLine();
  const running = new Map<number, { device: string; bytes: number; until: number; priority: number }>();
  const waiting: Job[] = [];
  const starts: { trial: number; priority: number; round: number }[] = [];
  const loads = (): DeviceLoad[] =>
    Array.from({ length: devices }, (_, i) => {
      const id = `${i}`;
      const here = [...running.values()].filter((run) => run.device === id);
      return {
        id,
        name: id,
        capacityBytes,
        isAtLeast: false,
        trialBytes: null,
        othersBytes: 0,
        reservedBytes: here.reduce((sum, run) => sum + run.bytes, 0),
        running: here.length,
        slots,
        fault: null,
        keptFor: line.keptFor(id),
      };
    });
  for (let round = 0; round < jobs.length || waiting.length > 0; round++) {
    for (const [trial, run] of running) if (run.until <= round) running.delete(trial);
    if (round < jobs.length) waiting.push(jobs[round]!);
    for (const job of [...waiting].sort((a, b) => b.priority - a.priority)) {
      const placement = placeTrial(loads(), { ...job, predictedBytes: job.bytes, leastBytes: job.bytes });
      line.placed({ ...job, studyId: 1 }, placement, round);
      if (placement.action !== 'START') continue;
      waiting.splice(waiting.indexOf(job), 1);
      starts.push({ ...job, round });
      const { device } = placement;
      running.set(job.trial, { device, bytes: job.bytes, until: round + job.rounds, priority: job.priority });
    }
    for (const load of loads()) {
      expect(load.reservedBytes).toBeLessThanOrEqual(capacityBytes);
      expect(load.running).toBeLessThanOrEqual(slots);
    }
    if (round > jobs.length * 1000) throw new Error('Somebody waits for ever.');
  }
  return starts;
}

const jobs = fc
  .array(
    fc.record({
      bytes: fc.integer({ min: 1, max: capacityBytes }),
      rounds: fc.integer({ min: 1, max: 9 }),
      priority: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((all) => all.map((job, trial) => ({ ...job, trial })));

describe('the line of those that wait', () => {
  test('brings every trial to a device, whatever their sizes, and never overfills one', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 3 }), (all, devices) => {
        expect(simulate(all, devices)).toHaveLength(all.length);
      }),
    );
  });

  test('lets a large trial start soon under an endless stream of small ones', () => {
    const small = (trial: number): Job => ({ trial, bytes: 40, rounds: 3, priority: 0 });
    const stream = Array.from({ length: 200 }, (_, i) => small(i));
    stream[5] = { ...small(5), bytes: 100 };
    const starts = simulate(stream, 1);
    const place = starts.findIndex(({ trial }) => trial === 5);
    expect(place).toBeGreaterThan(5);
    expect(place).toBeLessThanOrEqual(5 + 8 + 1);
  });

  test('does not count those of a higher priority, and does not keep the device from them', () => {
    const line = new WaitingLine();
    const waits = { action: 'WAIT', reason: '', devices: ['cpu'] } as const;
    line.placed({ trial: 1, studyId: 1, priority: 0 }, waits, 0);
    for (let i = 0; i < 20; i++) line.started('cpu', 1);
    expect(line.keptFor('cpu')).toBeNull();
    for (let i = 0; i < 20; i++) line.started('cpu', 0);
    expect(line.keptFor('cpu')).toMatchObject({ trial: 1 });
    line.placed({ trial: 2, studyId: 2, priority: 5 }, waits, 0);
    for (let i = 0; i < 20; i++) line.started('cpu', 0);
    expect(line.keptFor('cpu')).toMatchObject({ trial: 1 });
    line.leave(1);
    line.started('cpu', 5);
    expect(line.keptFor('cpu')).toMatchObject({ trial: 2 });
    line.leaveAll(2);
    expect(line.keptFor('cpu')).toBeNull();
  });

  test('remembers since when a trial waits, and why it does now', () => {
    const line = new WaitingLine();
    const trial = { trial: 1, studyId: 1, priority: 0 };
    line.placed(trial, { action: 'WAIT', reason: 'first', devices: ['cpu'] }, 5);
    line.placed(trial, { action: 'WAIT', reason: 'second', devices: ['cpu'] }, 9);
    expect(line.trials).toMatchObject([{ trial: 1, since: 5, reason: 'second' }]);
    line.placed(trial, { action: 'REJECT', reason: '' }, 9);
    expect(line.trials).toEqual([]);
  });
});
