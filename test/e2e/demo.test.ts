import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { processesOf, startCommand } from '../support/command.ts';
import { temporaryDirectory } from '../support/trialgraph-process.ts';

/** PostgreSQL may end a little after the server that owns it. */
async function expectNoProcesses(dataDir: string): Promise<void> {
  for (let tries = 0; processesOf(dataDir).length > 0 && tries < 50; tries++) await sleep(100);
  expect(processesOf(dataDir)).toEqual([]);
}

test('the demo trains for real and prints its results as one object on the last line', async () => {
  await using directory = await temporaryDirectory();
  const demo = startCommand(['demo', '--trials', '1', '--json', '--port', '0', '--data-dir', directory.path]);
  expect(await demo.exitCode, demo.output.stderr).toBe(0);

  const lines = demo.output.stdout.trimEnd().split('\n');
  const result = JSON.parse(lines.at(-1)!);
  expect(lines).toHaveLength(1);
  expect(result).toMatchObject({
    trials: 1,
    completed: 1,
    pruned: 0,
    infeasible: 0,
    failed: 0,
    backend: 'wasm',
    best: { values: { valAccuracy: expect.any(Number), trainSeconds: expect.any(Number) } },
    front: [{ number: 0 }],
  });
  expect(result.best.values.valAccuracy).toBeGreaterThan(0.9);
  expect(result.events).toBeGreaterThanOrEqual(3);
  expect(result.seconds).toBeGreaterThan(0);
  // Without a terminal: a line a change, and the table.
  expect(demo.output.stderr).toMatch(/^trial 0 started: .*\n(.*\n)*trial 0 completed in .* accuracy 0\.9/m);
  expect(demo.output.stderr).toContain('Pareto front');
  expect(demo.output.stderr).not.toContain('\x1b');
  await expectNoProcesses(directory.path);
});

test('Ctrl-C stops the study, the server and the database, and a demo on the same data starts anew', async () => {
  await using directory = await temporaryDirectory();
  for (let round = 0; round < 2; round++) {
    const demo = startCommand(['demo', '--port', '0', '--data-dir', directory.path]);
    await demo.printed('trial 1 started');
    demo.signal('SIGINT');
    expect(await demo.exitCode).toBe(130);
    expect(demo.output.stdout).toContain('Stopped: 0 completed, 0 pruned, 2 cancelled.');
    await expectNoProcesses(directory.path);
  }
});

test('a server that dies under the demo is an error with the end of its log, not a hang', async () => {
  await using directory = await temporaryDirectory();
  const demo = startCommand(['demo', '--port', '0', '--data-dir', directory.path]);
  await demo.printed('trial 0 started');
  const server = processesOf(directory.path).find(({ command }) => command.includes('main.js serve'));
  process.kill(server!.pid, 'SIGKILL');
  expect(await demo.exitCode).toBe(1);
  expect(demo.output.stderr).toMatch(
    /The server ended by the signal SIGKILL\. The last lines of .*server\.log:/,
  );
  expect(demo.output.stderr).toContain('listening on http://127.0.0.1:');
  await expectNoProcesses(directory.path);
});

test('a server that cannot start is an error that says why', async () => {
  await using directory = await temporaryDirectory();
  const args = ['demo', '--port', '0', '--data-dir', directory.path];
  const demo = startCommand(args, { DATABASE_URL: 'postgresql://localhost:1/none' });
  expect(await demo.exitCode).toBe(1);
  expect(demo.output.stderr).toContain('The server ended with the exit code 1');
  expect(demo.output.stderr).toContain('ECONNREFUSED');
});
