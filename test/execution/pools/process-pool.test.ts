import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { RunOrder, RunReport } from '../../../src/execution/pools/host-messages.ts';
import { ProcessPool } from '../../../src/execution/pools/process-pool.ts';
import type { Run } from '../../../src/execution/pools/trial-pool.ts';
import { markedProcesses } from '../../../src/execution/processes/marked-processes.ts';
import { ProcessGroups } from '../../../src/execution/processes/process-group.ts';
import { decodeCheckpoint } from '../../../src/trainables/checkpoint.ts';

// Each starts a process, which compiles TensorFlow.js.
vi.setConfig({ testTimeout: 60_000 });

const trainablesDir = fileURLToPath(new URL('../fixtures/trainables', import.meta.url));
const owner = `test-${process.pid}`;
const groups = new ProcessGroups(owner);
const pool = new ProcessPool({ backend: 'cpu', backendOptions: {}, trainablesDir, groups, stopGraceMs: 500 });
afterAll(async () => {
  await pool.close();
  groups.close();
});

const patient = { timeout: 50_000, interval: 20 };
let trials = 0;

function start(deed: string, options: object = {}, checkpoint: Uint8Array | null = null) {
  const reports: RunReport[] = [];
  const log: string[] = [];
  const checkpoints: Uint8Array[] = [];
  const order: RunOrder = {
    trialId: ++trials,
    attempt: 1,
    trainable: 'unruly',
    params: { x: 0.5 },
    options: { deed, ...options },
    seed: 1,
    device: { id: 'cpu', kind: 'cpu', cuda: null },
    datasets: [],
    checkpoint,
  };
  const run = pool.run(order, {
    onReport: (report) => reports.push(report),
    onLog: (line) => log.push(line),
    onResumable: () => {},
    onCheckpoint: (bytes) => checkpoints.push(bytes),
    onArtifact: async () => null,
  });
  return { run, reports, log, checkpoints };
}

const outcomeOf = (deed: string) => start(deed).run.outcome;
const said = async (log: string[], text: string) =>
  expect.poll(() => log.join('\n'), patient).toContain(text);
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a trial in a process of its own', () => {
  test('reports, ends, and tells how much memory its process had at most', async () => {
    const { run, reports } = start('fillMemory');
    expect(await run.outcome).toEqual({ state: 'COMPLETED', values: { loss: 0 } });
    expect(reports).toMatchObject([{ step: 0, values: { loss: 1 } }]);
    expect(run.peakBytes).toBeGreaterThan(200 * 2 ** 20);
    const { run: small } = start('nothing');
    await small.outcome;
    expect(small.peakBytes).toBeLessThan(run.peakBytes! - 150 * 2 ** 20);
  });

  test('stops within a batch, and pauses with a checkpoint from which another process goes on', async () => {
    const first = start('steps');
    await expect.poll(() => first.reports.length, patient).toBeGreaterThan(3);
    first.run.pause();
    expect(await first.run.outcome).toEqual({ state: 'PAUSED' });
    const checkpoint = first.checkpoints.at(-1)!;
    const { step } = decodeCheckpoint(checkpoint);
    expect(step).toBe(first.reports.at(-1)!.step);
    const second = start('steps', {}, checkpoint);
    await expect.poll(() => second.reports.length, patient).toBeGreaterThan(1);
    expect(second.reports[1]!.step).toBe(step + 1);
    second.run.stop();
    expect(await second.run.outcome).toEqual({ state: 'STOPPED' });
  });

  test('has what it prints in its log', async () => {
    const { run, log } = start('print');
    await run.outcome;
    expect(log.toSorted()).toEqual(['an error', 'one', 'three', 'two']);
  });
});

describe('code that ends its process', () => {
  test.each([
    [
      'exit',
      /^The process of this trial ended with exit code 3\. Its code, or a library, called process\.exit/,
    ],
    ['throw', /^TypeError: a fault of mine\n +at .*unruly/],
    [
      'throwOutside',
      /^The process of this trial ended with exit code 1\.\n(.*\n)*TypeError: a fault in a timer/,
    ],
    [
      'segfault',
      /^The process of this trial was ended by SIGSEGV \(it used memory that it does not have\)\./,
    ],
    ['killed', /^The process of this trial was ended by SIGKILL \(somebody other than this server/],
    ['disconnect', /^The process of this trial ended with exit code 0\./],
  ])('by %s fails its trial in words', async (deed, words) => {
    expect(await outcomeOf(deed)).toEqual({ state: 'FAILED', error: expect.stringMatching(words) });
  });

  test('by filling its heap makes its trial infeasible', async () => {
    process.env.NODE_OPTIONS = '--max-old-space-size=100';
    try {
      const outcome = await outcomeOf('fillHeap');
      expect(outcome).toEqual({
        state: 'INFEASIBLE',
        error: expect.stringMatching(
          /^Out of memory: The process of this trial was ended by SIGABRT.* heap was full/,
        ),
      });
    } finally {
      delete process.env.NODE_OPTIONS;
    }
  });

  test('leaves the trials beside it alone', async () => {
    const beside = start('steps');
    await expect.poll(() => beside.reports.length, patient).toBeGreaterThan(0);
    await Promise.all(['segfault', 'exit', 'nonsense', 'throwOutside'].map(outcomeOf));
    const seen = beside.reports.length;
    await expect.poll(() => beside.reports.length, patient).toBeGreaterThan(seen);
    beside.run.stop();
    expect(await beside.run.outcome).toEqual({ state: 'STOPPED' });
  });
});

describe('what does not stop when asked', () => {
  test.each(['hang', 'ignoreSigterm'])('is ended by force: %s', async (deed) => {
    const { run, log } = start(deed);
    await said(log, 'hanging');
    run.stop();
    expect(await run.outcome).toEqual({ state: 'STOPPED' });
  });

  test.each([
    ['its trial has ended', {}],
    ['its trial is stopped', { hang: true }],
  ])('and was left behind is ended when %s, also outside of its process group', async (_, options) => {
    const { run, log } = start('leaveProcesses', options);
    await said(log, 'left');
    const pids = log
      .join('\n')
      .match(/left (\d+) (\d+)/)!
      .slice(1)
      .map(Number);
    if ('hang' in options) {
      expect(pids.map(isAlive)).toEqual([true, true]);
      run.stop();
    }
    await run.outcome;
    await expect.poll(() => pids.map(isAlive), patient).toEqual([false, false]);
  });

  test('is ended when the pool closes', async () => {
    const closing = new ProcessPool({
      backend: 'cpu',
      backendOptions: {},
      trainablesDir,
      groups,
      stopGraceMs: 60_000,
    });
    const log: string[] = [];
    const order = {
      trialId: 0,
      attempt: 1,
      trainable: 'unruly',
      params: {},
      options: { deed: 'hang' },
      seed: 1,
    };
    const run: Run = closing.run(
      { ...order, device: { id: 'cpu', kind: 'cpu', cuda: null }, datasets: [], checkpoint: null },
      {
        onReport: () => {},
        onLog: (line) => log.push(line),
        onResumable: () => {},
        onCheckpoint: () => {},
        onArtifact: async () => null,
      },
    );
    await said(log, 'hanging');
    await closing.close();
    expect(await run.outcome).toEqual({ state: 'STOPPED' });
  });
});

test('nothing is left of any of them', async () => {
  await pool.close();
  expect(await markedProcesses(`${owner}/`)).toEqual([]);
});

test('the processes of a server that is killed end with it, and so does what they have started', async () => {
  const module = new URL('../../../src/execution/processes/process-group.ts', import.meta.url).href;
  const program = `
    import { ProcessGroups } from '${module}';
    const groups = new ProcessGroups('${owner}-killed');
    const options = { stdio: ['ignore', 'inherit', 'inherit'], env: process.env };
    for (const i of [1, 2]) groups.start('sh', ['-c', "trap '' TERM; sleep 1000 & echo started; wait"], options);
    setInterval(() => {}, 1000);`;
  const server = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  server.stdout.on('data', (text) => {
    output += text;
  });
  await expect.poll(() => output.match(/started/g)?.length, patient).toBe(2);
  expect(await markedProcesses(`${owner}-killed/`)).toHaveLength(4);
  server.kill('SIGKILL');
  await expect.poll(() => markedProcesses(`${owner}-killed/`), patient).toEqual([]);
});
