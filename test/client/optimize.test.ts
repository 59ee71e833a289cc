import { GraphQLError } from 'graphql';
import { afterEach, expect, it } from 'vitest';
import type { TrialData } from '../../src/client/generated.ts';
import { createClient, type Study } from '../../src/client/index.ts';
import { Peer } from './peer.ts';
import { studyRecord, trialRecord } from './records.ts';

let peer: Peer;

afterEach(() => peer?.down());

interface TellArgs {
  readonly id: string;
  readonly input: Pick<TrialData, 'state' | 'values' | 'error'>;
}

/** A study of `maxTrials` trials that gives them out, prunes one, and is finished when all have ended. */
class Server {
  readonly trials = new Map<string, TrialData>();
  readonly heartbeats: string[] = [];
  readonly maxTrials: number;
  prunedNumber = -1;
  mostRunning = 0;

  constructor(maxTrials: number) {
    this.maxTrials = maxTrials;
  }

  get running(): TrialData[] {
    return [...this.trials.values()].filter((trial) => trial.state === 'RUNNING');
  }

  get states(): string[] {
    return [...this.trials.values()].map((trial) => trial.state);
  }

  change(id: string, changes: Partial<TrialData>): TrialData {
    const trial = { ...this.trials.get(id)!, ...changes };
    this.trials.set(id, trial);
    return trial;
  }

  readonly root = {
    study: () =>
      studyRecord({
        state: this.trials.size === this.maxTrials && this.running.length === 0 ? 'FINISHED' : 'RUNNING',
      }),
    askTrials: () => {
      if (this.trials.size === this.maxTrials) return [];
      const number = this.trials.size;
      const trial = trialRecord({ id: `trial-${number}`, number, params: { x: number } });
      this.trials.set(trial.id, trial);
      this.mostRunning = Math.max(this.mostRunning, this.running.length);
      return [trial];
    },
    heartbeatTrials: ({ ids }: { ids: string[] }) => {
      this.heartbeats.push(...ids);
      return ids.map((id) => this.trials.get(id));
    },
    reportMetrics: ({ input }: { input: { trial: string } }) => ({
      accepted: 1,
      action: this.trials.get(input.trial)!.number === this.prunedNumber ? 'STOP' : 'CONTINUE',
      shouldStop: this.trials.get(input.trial)!.number === this.prunedNumber,
      reason: null,
    }),
    tellTrial: ({ id, input }: TellArgs) => {
      if (this.trials.get(id)!.state !== 'RUNNING') {
        throw new GraphQLError('It has ended.', { extensions: { code: 'CONFLICT' } });
      }
      return this.change(id, input);
    },
  };
}

async function studyOf(server: Server): Promise<Study> {
  peer = await Peer.start(server.root);
  return createClient({ url: peer.url }).studies.get('study-1');
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

it('trials run side by side until the study is finished, and end as they went', async () => {
  const server = new Server(12);
  server.prunedNumber = 3;
  const study = await studyOf(server);
  await study.optimize<{ x: number }>(
    async (trial) => {
      if (trial.number === 5) throw new Error('out of luck');
      if (trial.number === 6) return { loss: Number.NaN };
      await trial.report(0, { loss: trial.params.x });
      await pause(5);
      return { loss: trial.params.x ** 2 };
    },
    { concurrency: 4 },
  );
  const expected = Array.from({ length: 12 }, () => 'COMPLETED');
  expected[3] = 'PRUNED';
  expected[5] = 'FAILED';
  expected[6] = 'FAILED';
  expect(server.states).toEqual(expected);
  expect(server.trials.get('trial-4')!.values).toEqual({ loss: 16 });
  expect(server.trials.get('trial-5')!.error).toMatch(/^Error: out of luck\n/);
  expect(server.trials.get('trial-6')!.error).toContain('must be a finite number, not NaN');
  expect(server.mostRunning).toBe(4);
  expect(study.state).toBe('FINISHED');
});

it('`trials` bounds how many are run', async () => {
  const server = new Server(100);
  await (await studyOf(server)).optimize(async () => ({ loss: 1 }), { trials: 5, concurrency: 3 });
  expect(server.states).toEqual(Array.from({ length: 5 }, () => 'COMPLETED'));
});

it('heartbeats go out while a trial runs, and tell it that it was cancelled', async () => {
  const server = new Server(1);
  const study = await studyOf(server);
  let reason: string | null = null;
  await study.optimize(
    async (trial) => {
      await expect.poll(() => server.heartbeats.length, { timeout: 3000 }).toBeGreaterThan(1);
      server.change(trial.id, { state: 'CANCELLED' });
      await expect.poll(() => trial.shouldStop, { timeout: 3000 }).toBe(true);
      reason = trial.stopReason;
    },
    { leaseSeconds: 1 },
  );
  expect(reason).toBe('The trial is CANCELLED.');
  expect(server.states).toEqual(['CANCELLED']);
  const heartbeats = server.heartbeats.length;
  await pause(500);
  expect(server.heartbeats).toHaveLength(heartbeats);
});

it('a trial that another worker has taken over is given up, not told', async () => {
  const server = new Server(1);
  const study = await studyOf(server);
  await study.optimize(async (trial) => {
    server.change(trial.id, { attempt: 2, state: 'COMPLETED', values: { loss: 0 } });
    await trial.heartbeat();
    expect(trial.shouldStop).toBe(true);
    return { loss: 1 };
  });
  expect(server.trials.get('trial-0')).toMatchObject({ state: 'COMPLETED', values: { loss: 0 } });
});

it('a callback may end its trial itself, or throw to get out of one that should stop', async () => {
  const server = new Server(2);
  server.prunedNumber = 1;
  const study = await studyOf(server);
  await study.optimize(async (trial) => {
    if (trial.number === 0) {
      await trial.complete({ loss: 7 });
      return { loss: 8 };
    }
    await trial.report(0, { loss: 1 });
    if (trial.shouldStop) throw new Error('stop');
    return undefined;
  });
  expect(server.trials.get('trial-0')!.values).toEqual({ loss: 7 });
  expect(server.states).toEqual(['COMPLETED', 'PRUNED']);
});

it('a server that is away for a while is waited for', async () => {
  const server = new Server(6);
  const study = await studyOf(server);
  const optimizing = study.optimize(async (trial) => {
    if (trial.number === 2) {
      await peer.down();
      setTimeout(() => peer.up(), 300);
    }
    await trial.report(0, { loss: 1 });
    return { loss: 1 };
  });
  await optimizing;
  expect(server.states).toEqual(Array.from({ length: 6 }, () => 'COMPLETED'));
});

it('a signal asks for no more trials and lets the running ones end', async () => {
  const server = new Server(100);
  const study = await studyOf(server);
  const controller = new AbortController();
  await study.optimize(
    async (trial) => {
      if (trial.number === 3) controller.abort();
      await pause(20);
      return { loss: 1 };
    },
    { concurrency: 2, signal: controller.signal },
  );
  expect(server.trials.size).toBeLessThan(6);
  expect(new Set(server.states)).toEqual(new Set(['COMPLETED']));
});

it('a signal also ends the wait for a study that has no trial just now', async () => {
  const server = new Server(0);
  const study = await studyOf({
    ...server,
    root: { ...server.root, study: () => studyRecord({ state: 'PAUSED' }) },
  } as Server);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 200);
  await study.optimize(async () => ({ loss: 1 }), { signal: controller.signal });
});

it('a refusal to give trials ends it with that error, after the running trials have ended', async () => {
  const server = new Server(100);
  const askTrials = () => {
    if (server.trials.size < 2) return server.root.askTrials();
    throw new GraphQLError('There is no study.', { extensions: { code: 'NOT_FOUND' } });
  };
  const study = await studyOf({ ...server, root: { ...server.root, askTrials } } as Server);
  const ended: number[] = [];
  const optimizing = study.optimize(
    async (trial) => {
      await pause(trial.number === 0 ? 10 : 150);
      ended.push(trial.number);
    },
    { concurrency: 2 },
  );
  await expect(optimizing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(ended).toEqual([0, 1]);
});
