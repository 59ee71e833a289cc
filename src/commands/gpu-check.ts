import { availableParallelism, cpus } from 'node:os';
import { probeBackends, type WorkingBackend } from '../trainables/backends/probe-backends.ts';
import { borderlessTable } from './borderless-table.ts';
import { type BackendCheck, largestDifference } from './gpu-check/check-backend.ts';
import { runCheck } from './gpu-check/run-check.ts';
import { createOutput } from './output.ts';

export interface GpuCheckOptions {
  readonly json?: boolean;
  /** Lets WebGPU take an adapter that computes on the CPU. */
  readonly allowSoftware?: boolean;
  /** A folder with a dataset named mnist in place of the whole one. */
  readonly datasetsDir?: string;
}

/** Losses of two backends may differ by so much, as a share: they add in other orders, and differences grow. */
const tolerance = 0.01;
/** A software adapter's memory is that of the whole machine, which is not to be filled. */
const softwareBytes = 2 ** 30;

/**
 * Trains on every GPU backend that works here and compares it with plain JavaScript. The exit code is 1 when one of them
 * fails; where there is none it says so, and the code is 0.
 */
export async function gpuCheck(options: GpuCheckOptions): Promise<void> {
  const { json = false, allowSoftware = false, datasetsDir = null } = options;
  const { colors, say, stream } = createOutput(json ? process.stderr : process.stdout);
  const probes = await probeBackends({
    backends: ['tensorflow-gpu', 'webgpu'],
    allowSoftwareGpu: allowSoftware,
  });
  const working = probes.filter((probe) => probe.works);
  for (const probe of probes) {
    say(
      probe.works
        ? `${colors.green('✓')} ${probe.name}: ${probe.device}`
        : `${colors.red('✗')} ${probe.name}: ${probe.reason}`,
    );
  }
  const results: object[] = [];
  let ok = true;
  if (working.length === 0) {
    say(colors.yellow('No GPU here: nothing was checked.'));
  } else {
    say('Training on plain JavaScript, to compare with ...');
    const reference = await runCheck({ backend: 'cpu', datasetsDir });
    if ('fault' in reference) throw new Error(`Plain JavaScript does not train here: ${reference.fault}`);
    for (const backend of working) {
      say(`Training on ${backend.name} ...`);
      const answer = await runCheck({
        backend: backend.name,
        datasetsDir,
        allowSoftwareGpu: allowSoftware,
        ...(allowSoftware && backend.memoryBytes === null ? { maxGpuBytes: softwareBytes } : {}),
      });
      if ('fault' in answer) {
        ok = false;
        results.push({ backend: backend.name, device: backend.device, ok: false, fault: answer.fault });
        say(`${colors.red('✗')} ${backend.name}: ${answer.fault}`);
        continue;
      }
      const findings = judge(answer.check, reference.check);
      if (answer.check.gpu?.loss !== undefined) findings.push(await judgeRestart(backend, allowSoftware));
      const passes = findings.every(({ isRight }) => isRight);
      ok &&= passes;
      const lossDifference = largestDifference(answer.check.losses, reference.check.losses);
      results.push({
        backend: backend.name,
        device: backend.device,
        version: backend.version,
        ok: passes,
        lossDifference,
        ...answer.check,
      });
      say();
      say(colors.bold(`${backend.name}: ${backend.device} (${backend.version})`));
      say(
        borderlessTable(
          [{ width: 3 }, { width: 44 }, { width: Math.max(40, Math.min(120, stream.columns ?? 100) - 47) }],
          [...findings, ...memoryNote(backend, allowSoftware)].map(({ isRight, what, found }) => [
            isRight ? colors.green('✓') : colors.red('✗'),
            what,
            found,
          ]),
        ),
      );
    }
  }
  if (!ok) process.exitCode = 1;
  if (!json) return;
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
  };
  process.stdout.write(
    `${JSON.stringify({ ok, skipped: working.length === 0, machine, probes, results })}\n`,
  );
}

interface Finding {
  readonly isRight: boolean;
  readonly what: string;
  readonly found: string;
}

function judge({ losses, msPerBatch, peakBytes, gpu }: BackendCheck, reference: BackendCheck): Finding[] {
  const difference = largestDifference(losses, reference.losses);
  const findings = [
    {
      isRight: difference <= tolerance,
      what: `${losses.length} losses as of plain JavaScript`,
      found: `at most ${percent(difference)} apart; the last is ${losses.at(-1)!.toFixed(4)}`,
    },
    {
      isRight: true,
      what: 'time of a batch',
      found: `${msPerBatch.toFixed(1)} ms, plain JavaScript ${reference.msPerBatch.toFixed(1)} ms`,
    },
    { isRight: true, what: 'peak memory', found: mebibytes(peakBytes) },
  ];
  if (gpu === undefined) return findings;
  const { interleavedDifference, cancelMs, memory, loss } = gpu;
  const isFull = memory.trialState === 'INFEASIBLE';
  return [
    ...findings,
    {
      isRight: interleavedDifference <= tolerance,
      what: 'three trials at once as one alone',
      found: `at most ${percent(interleavedDifference)} apart`,
    },
    { isRight: true, what: 'a fourth, cancelled', found: `ended after ${cancelMs.toFixed(0)} ms` },
    {
      isRight: isFull,
      what: 'memory filled, a trial without room',
      found: `${mebibytes(memory.filledBytes)}, the trial ended as ${memory.trialState}. ${memory.message}`,
    },
    {
      isRight: memory.differenceAfter <= tolerance,
      what: 'memory freed, the first trial again',
      found: `at most ${percent(memory.differenceAfter)} apart`,
    },
    ...(loss === undefined
      ? []
      : [
          {
            isRight: loss.trialState === 'LOST',
            what: 'the GPU taken away under a trial',
            found: `the trial ended as ${loss.trialState}, to start again. ${loss.message}`,
          },
        ]),
  ];
}

/** Whether a GPU that was lost works again. */
async function judgeRestart({ name }: WorkingBackend, allowSoftwareGpu: boolean): Promise<Finding> {
  const [probe] = await probeBackends({ backends: [name], allowSoftwareGpu });
  const found = probe!.works ? 'it trains a step' : probe!.reason;
  return { isRight: probe!.works, what: 'the GPU, started again', found };
}

function memoryNote({ memoryBytes }: WorkingBackend, allowSoftware: boolean): Finding[] {
  if (!allowSoftware || memoryBytes !== null) return [];
  const found = `${mebibytes(softwareBytes)}, set by this check: a software adapter has all of the machine's`;
  return [{ isRight: true, what: 'memory that could be filled', found }];
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(2)}%`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
