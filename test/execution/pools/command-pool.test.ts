import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { CommandPool } from '../../../src/execution/pools/command-pool.ts';
import type { RunOrder, RunReport } from '../../../src/execution/pools/host-messages.ts';
import { markedProcesses } from '../../../src/execution/processes/marked-processes.ts';
import { ProcessGroups } from '../../../src/execution/processes/process-group.ts';
import { TrialTokens } from '../../../src/execution/trial-tokens.ts';
import { readCommand } from '../../../src/trainables/command/command.ts';

vi.setConfig({ testTimeout: 60_000 });
const patient = { timeout: 50_000, interval: 20 };

const folder = mkdtempSync(join(tmpdir(), 'trialgraph-command-pool-'));
afterAll(() => rmSync(folder, { recursive: true }));
const owner = `commands-${process.pid}`;
const groups = new ProcessGroups(owner);
const tokens = new TrialTokens();
const trainables = new Map();
const pool = new CommandPool({
  trainables,
  groups,
  tokens,
  url: () => 'http://127.0.0.1:4000',
  stopGraceMs: 500,
});
afterAll(async () => {
  await pool.close();
  groups.close();
});

let programs = 0;
/** Runs a shell script as the program of a trial. */
function start(script: string, changes: Partial<RunOrder> = {}, declared: object = {}) {
  const name = `program-${++programs}`;
  const path = join(folder, `${name}.sh`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  const declaration = {
    name,
    command: [`./${name}.sh`],
    space: { x: { type: 'float', low: 0, high: 1 } },
    metrics: ['loss'],
    ...declared,
  };
  trainables.set(name, readCommand(JSON.stringify(declaration), join(folder, `${name}.command.json`)));
  const seen = { reports: [] as RunReport[], log: [] as string[], checkpoints: [] as Uint8Array[] };
  const order: RunOrder = {
    trialId: programs,
    attempt: 1,
    trainable: name,
    params: { x: 0.5 },
    options: {},
    seed: 7,
    device: { id: 'cpu', kind: 'cpu', cuda: null },
    datasets: [],
    checkpoint: null,
    ...changes,
  };
  const begin = () =>
    pool.run(order, {
      onReport: (report) => seen.reports.push(report),
      onLog: (line) => seen.log.push(line),
      onResumable: () => {},
      onCheckpoint: (bytes) => seen.checkpoints.push(bytes),
      onArtifact: async () => null,
    });
  return { ...seen, path, trialId: order.trialId, run: begin() };
}
const said = (log: string[], text: string) => expect.poll(() => log.join('\n'), patient).toContain(text);

describe('a program', () => {
  test('reports by lines of its standard output, and all that it says is in the log', async () => {
    const { run, reports, log } = start(`echo '{"step": 1, "loss": 0.5, "lr": 0.1}'
echo 'starting ...' >&2
echo 'step=2 loss=nan'
echo 'loss=0.25'
echo 'seed=3'`);
    expect(await run.outcome).toEqual({ state: 'COMPLETED', values: undefined });
    expect(reports.map(({ step, values }) => [step, values])).toEqual([
      [1, { loss: 0.5, lr: 0.1 }],
      [2, { loss: Number.NaN }],
      [3, { loss: 0.25 }],
    ]);
    expect(log.toSorted()).toEqual(
      [
        '{"step": 1, "loss": 0.5, "lr": 0.1}',
        'loss=0.25',
        'seed=3',
        'starting ...',
        'step=2 loss=nan',
      ].toSorted(),
    );
  });

  test('that names the last step there is, and a metric that cannot be stored, goes on as it can', async () => {
    const { run, reports } = start(`echo '{"step": 2147483647, "loss": 1, "a\\u0000": 1}'
echo 'loss=2'
echo '{"step": 1e400, "loss": 3}'`);
    expect(await run.outcome).toEqual({ state: 'COMPLETED', values: undefined });
    expect(reports.map(({ step, values }) => [step, values])).toEqual(
      [1, 2, 3].map((loss) => [2 ** 31 - 1, { loss }]),
    );
  });

  test('gets its parameters as arguments, in variables and in a file, whatever they hold', async () => {
    const nasty = 'a b"\'$(touch hacked)`touch hacked`; touch hacked\n{params.x}';
    const { run, log, trialId } = start(
      'for a in "$@"; do printf "<%s>" "$a"; done; echo; echo "$RATE"; cat "$TRIALGRAPH_PARAMS_FILE"',
      { params: { x: 0.5, text: nasty } },
      {
        command: [
          `./program-${programs + 1}.sh`,
          '{params}',
          '--rate={params.x}',
          '{params.text}',
          '--gone={params.y}',
        ],
        env: { RATE: '{params.x}-{seed}' },
        space: {
          x: { type: 'float', low: 0, high: 1 },
          y: { type: 'float', low: 0, high: 1 },
          text: { type: 'categorical', choices: [nasty] },
        },
      },
    );
    expect(await run.outcome).toMatchObject({ state: 'COMPLETED' });
    const output = log.join('\n');
    expect(output).toContain(`<--x=0.5><--text=${nasty}><--rate=0.5><${nasty}>\n0.5-7\n`);
    expect(JSON.parse(output.split('\n').at(-1)!)).toEqual({
      params: { x: 0.5, text: nasty },
      options: {},
      seed: 7,
      trial: `trial-${trialId}`,
      attempt: 1,
    });
    expect(readdirSync(folder)).not.toContain('hacked');
  });

  test('knows the API, its own token, which ends with it, and the GPU it was given, but no secret of the server', async () => {
    process.env.TRIALGRAPH_TOKEN = 'the secret of the server';
    process.env.DATABASE_URL = 'postgresql://secret';
    try {
      const cuda = { index: 1, uuid: 'GPU-1234' };
      const { run, log, trialId } = start(
        'env | grep -E "TRIALGRAPH|CUDA|DATABASE"; ls -d "$TRIALGRAPH_DIR"; while [ ! -e go ]; do sleep 0.05; done',
        { device: { id: 'cuda:1', kind: 'gpu', cuda } },
      );
      await said(log, 'TRIALGRAPH_DIR=');
      const seen = Object.fromEntries(
        log.filter((line) => line.includes('=')).map((line) => line.split('=')),
      );
      expect(seen).toMatchObject({
        TRIALGRAPH_URL: 'http://127.0.0.1:4000',
        TRIALGRAPH_TRIAL: `trial-${trialId}`,
        TRIALGRAPH_ATTEMPT: '1',
        CUDA_VISIBLE_DEVICES: 'GPU-1234',
      });
      expect(seen).not.toHaveProperty('DATABASE_URL');
      expect(tokens.find(seen.TRIALGRAPH_TOKEN!)).toMatchObject({ trialId, attempt: 1 });
      expect(tokens.find('the secret of the server')).toBeNull();
      writeFileSync(join(folder, 'go'), '');
      await run.outcome;
      expect(tokens.find(seen.TRIALGRAPH_TOKEN!)).toBe('expired');
      expect(existsSync(seen.TRIALGRAPH_DIR!)).toBe(false);
    } finally {
      delete process.env.TRIALGRAPH_TOKEN;
      delete process.env.DATABASE_URL;
    }
  });

  test.each([
    ['exit 3', 'FAILED', /^The program ended with exit code 3\.$/],
    ['echo why >&2; exit 1', 'FAILED', /^The program ended with exit code 1\.\nwhy$/],
    [
      'no-such-thing',
      'FAILED',
      /exit code 127 \(to a shell: a program was not found\)\.\n.*no-such-thing: not found/,
    ],
    [
      'kill -SEGV $$',
      'FAILED',
      /^The program was ended by SIGSEGV \(it used memory that it does not have\)\.$/,
    ],
    ['kill -KILL $$', 'FAILED', /^The program was ended by SIGKILL \(somebody other than this server/],
    ['echo "CUDA out of memory. Tried" >&2; exit 1', 'INFEASIBLE', /exit code 1\.\nCUDA out of memory/],
  ])('that ends by `%s` is %s in words', async (script, state, words) => {
    expect(await start(script).run.outcome).toEqual({ state, error: expect.stringMatching(words) });
  });

  test('that is gone, or no program, fails its trial', async () => {
    const run = (change: (path: string) => void) => {
      const { path, run: first } = start('exit 0');
      return first.outcome.then(() => {
        change(path);
        return pool.run(
          { ...orderOf(`program-${programs}`) },
          { onReport() {}, onLog() {}, onResumable() {}, onCheckpoint() {}, onArtifact: async () => null },
        ).outcome;
      });
    };
    expect(await run(unlinkSync)).toEqual({
      state: 'FAILED',
      error: expect.stringMatching(/^The program could not be started: there is no program .*\.sh\.$/),
    });
    expect(await run((path) => chmodSync(path, 0o644))).toMatchObject({
      error: expect.stringMatching(/is not executable/),
    });
    expect(await run((path) => writeFileSync(path, '#!/no/such/interpreter\n'))).toMatchObject({
      error: expect.stringMatching(/^The program could not be started: spawn .*ENOENT/),
    });
    expect(await run((path) => writeFileSync(path, '\x7fELF garbage'))).toMatchObject({ state: 'FAILED' });
  });
});

const orderOf = (trainable: string): RunOrder => ({
  trialId: 1,
  attempt: 2,
  trainable,
  params: {},
  options: {},
  seed: 7,
  device: { id: 'cpu', kind: 'cpu', cuda: null },
  datasets: [],
  checkpoint: null,
});

describe('a program that is stopped', () => {
  test('gets SIGTERM', async () => {
    const { run, log } = start("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
    await said(log, 'ready');
    run.stop();
    expect(await run.outcome).toEqual({ state: 'STOPPED' });
    expect(log).toContain('bye');
  });

  test('and ignores that is ended by force, with a child that ignores it too and one that left its group', async () => {
    const deaf = `trap "" TERM; while :; do sleep 0.05; done`;
    const { run, log } = start(
      `trap '' TERM; sh -c '${deaf}' & setsid sh -c '${deaf}' & echo ready; while :; do sleep 0.05; done`,
    );
    await said(log, 'ready');
    await expect
      .poll(async () => (await markedProcesses(`${owner}/`)).length, patient)
      .toBeGreaterThanOrEqual(3);
    const start_ = performance.now();
    run.stop();
    expect(await run.outcome).toEqual({ state: 'STOPPED' });
    expect(performance.now() - start_).toBeGreaterThan(450);
    expect(await markedProcesses(`${owner}/`)).toEqual([]);
  });

  test('to be paused leaves its checkpoint, and the next attempt finds it', async () => {
    const script = `trap 'echo "step $((n))" > "$TRIALGRAPH_CHECKPOINT"; exit 0' TERM
[ -e "$TRIALGRAPH_CHECKPOINT" ] && cat "$TRIALGRAPH_CHECKPOINT" && exit 0
n=0; echo ready; while :; do n=$((n + 1)); sleep 0.02; done`;
    const first = start(script);
    await said(first.log, 'ready');
    first.run.pause();
    expect(await first.run.outcome).toEqual({ state: 'PAUSED' });
    const checkpoint = first.checkpoints.at(-1)!;
    expect(String(checkpoint)).toMatch(/^step \d+\n$/);
    const second = start(script, { checkpoint });
    expect(await second.run.outcome).toMatchObject({ state: 'COMPLETED' });
    expect(second.log).toEqual([String(checkpoint).trim()]);
    expect(second.checkpoints).toEqual([]);
  });

  test('to be paused, and has a pipe where its checkpoint should be, leaves none', async () => {
    const { run, log, checkpoints } = start('mkfifo "$TRIALGRAPH_CHECKPOINT"; echo ready; exec sleep 1000');
    await said(log, 'ready');
    run.pause();
    expect(await run.outcome).toEqual({ state: 'PAUSED' });
    expect(checkpoints).toEqual([]);
  });
});

describe('a program that misuses its output', () => {
  test('by a million lines is read to the end, and those beside it go on', async () => {
    const flood = start('yes "loss=0.5 and more text to fill the line" | head -n 1000000; echo done');
    const beside = start('for i in 1 2 3 4 5; do echo "step=$i loss=$i"; sleep 0.1; done');
    expect(await beside.run.outcome).toMatchObject({ state: 'COMPLETED' });
    expect(beside.reports).toHaveLength(5);
    expect(await flood.run.outcome).toMatchObject({ state: 'COMPLETED' });
    expect(flood.reports).toHaveLength(1_000_000);
    expect(flood.log.at(-1)).toBe('... more than 16 MiB: the rest of this output is not kept.');
  });

  test('by endless output is stopped within its grace', async () => {
    const { run, log } = start('exec yes');
    await said(log, 'y');
    run.stop();
    expect(await run.outcome).toEqual({ state: 'STOPPED' });
  });

  test('by garbage, a line without an end, or by closing it, is none the worse', async () => {
    const garbage = start('head -c 300000 /dev/urandom; echo; echo loss=1');
    expect(await garbage.run.outcome).toMatchObject({ state: 'COMPLETED' });
    expect(garbage.reports.at(-1)).toMatchObject({ values: { loss: 1 } });
    const endless = start('head -c 3000000 /dev/zero | tr "\\0" x');
    expect(await endless.run.outcome).toMatchObject({ state: 'COMPLETED' });
    expect(endless.log.join('')).toHaveLength(3_000_000);
    const closed = start('echo loss=1; exec >&- 2>&-; sleep 0.3; exit 4');
    expect(await closed.run.outcome).toEqual({
      state: 'FAILED',
      error: 'The program ended with exit code 4.',
    });
    expect(closed.reports).toHaveLength(1);
  });

  test('by leaving a daemon that holds it open ends all the same, and so does the daemon', async () => {
    const { run, log } = start('setsid sh -c "trap \'\' TERM HUP; sleep 1000" & echo loss=1');
    expect(await run.outcome).toMatchObject({ state: 'COMPLETED' });
    expect(log).toEqual(['loss=1']);
    expect(await markedProcesses(`${owner}/`)).toEqual([]);
  });

  test('by names of metrics without end is held to 200 of them', async () => {
    const { run, reports } = start(`for i in $(seq 300); do echo "{\\"m$i\\": $i}"; done`);
    await run.outcome;
    expect(new Set(reports.flatMap(({ values }) => Object.keys(values))).size).toBe(199);
  });
});

test('the memory of a program and its children is measured', async () => {
  const hold = `node -e 'const b = Buffer.alloc(150e6, 1); setTimeout(() => b, 4000)'`;
  const { run } = start(`${hold} & ${hold} & wait`);
  await run.outcome;
  if (process.platform === 'linux') {
    expect(run.peakBytes).toBeGreaterThan(300e6);
    expect(run.peakBytes).toBeLessThan(600e6);
  }
});
