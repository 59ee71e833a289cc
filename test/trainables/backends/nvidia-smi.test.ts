import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  gpuNamed,
  nvidiaGpus,
  parseNvidiaGpus,
  visibleGpus,
} from '../../../src/trainables/backends/nvidia-smi.ts';

// Values that drivers of several years have printed, in the order of our query.
const workstation = '0, GPU-22b2c6ac-2d49-4863-197c-9c469071178a, 7979, 463, GeForce RTX 2080\n';
const server = [
  '0, GPU-5a1e3b52-4c07-9f7f-2c85-0c9b8a3a3c0e, 40960, 1024, NVIDIA A100-SXM4-40GB',
  '1, GPU-ad2b367d-6a3a-8f8c-92b8-b47b8a2a6d1a, 40960, 3, NVIDIA A100-SXM4-40GB',
  '',
].join('\r\n');
const sharedMemory = '0, GPU-0f7c9f2e-1d3b-5a68-9c1e-44a1b1b0e3f2, [N/A], [N/A], NVIDIA GB10\n';

describe('what nvidia-smi prints', () => {
  test('is read a line a GPU, in bytes', () => {
    expect(parseNvidiaGpus(workstation)).toEqual([
      {
        index: 0,
        uuid: 'GPU-22b2c6ac-2d49-4863-197c-9c469071178a',
        name: 'GeForce RTX 2080',
        memoryBytes: 7979 * 2 ** 20,
        usedBytes: 463 * 2 ** 20,
      },
    ]);
    expect(parseNvidiaGpus(server)).toMatchObject([
      { index: 0, name: 'NVIDIA A100-SXM4-40GB', memoryBytes: 40 * 2 ** 30 },
      { index: 1, usedBytes: 3 * 2 ** 20 },
    ]);
  });

  test('may leave the memory out, and hold a comma in a name', () => {
    expect(parseNvidiaGpus(sharedMemory)).toMatchObject([{ memoryBytes: null, usedBytes: null }]);
    expect(parseNvidiaGpus('3, GPU-1, 1, 0, NVIDIA RTX, Example')[0]!.name).toBe('NVIDIA RTX, Example');
  });

  test('may be no table at all', () => {
    const failure =
      'NVIDIA-SMI has failed because it couldn’t communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n';
    expect(parseNvidiaGpus(failure)).toEqual([]);
    expect(parseNvidiaGpus('No devices were found\n')).toEqual([]);
    expect(parseNvidiaGpus('')).toEqual([]);
  });
});

test('CUDA_VISIBLE_DEVICES hides GPUs as CUDA has it: indices or beginnings of UUIDs, up to the first fault', () => {
  const gpus = parseNvidiaGpus(server);
  const indices = (visible: string | undefined) => visibleGpus(gpus, visible).map(({ index }) => index);
  expect(indices(undefined)).toEqual([0, 1]);
  expect(indices('1,0')).toEqual([1, 0]);
  expect(indices('GPU-ad2b')).toEqual([1]);
  expect(indices('1, 7, 0')).toEqual([1]);
  for (const none of ['', '-1', 'NoDevFiles']) expect(indices(none)).toEqual([]);
});

test('a GPU is found by words that hold its name, an only one by its maker', () => {
  const [first, second] = parseNvidiaGpus(`${workstation}1, GPU-2, 81559, 4, NVIDIA H100 80GB HBM3`);
  expect(gpuNamed([first!, second!], 'nvidia, hopper, H100 80GB HBM3')).toBe(second);
  expect(gpuNamed([first!], 'nvidia, turing, NVIDIA: 550.54.15')).toBe(first);
  expect(gpuNamed([first!, second!], 'nvidia, turing')).toBeUndefined();
  expect(gpuNamed([first!], 'intel, xe, Iris')).toBeUndefined();
});

describe('asking nvidia-smi', () => {
  const path = process.env.PATH;
  const directories: string[] = [];
  afterEach(async () => {
    process.env.PATH = path;
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
  });

  /** Puts a program of this name, and nothing else, into PATH. */
  async function install(script: string | null): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), 'nvidia-smi-'));
    directories.push(directory);
    process.env.PATH = directory;
    if (script === null) return;
    const file = join(directory, 'nvidia-smi');
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }

  test('gives the GPUs that it lists', async () => {
    await install(`printf '%s' '${workstation}'`);
    expect((await nvidiaGpus(undefined)).gpus).toHaveLength(1);
    expect(await nvidiaGpus('5')).toMatchObject({ gpus: [], reason: expect.stringContaining('is "5"') });
  });

  test('says why there are none', async () => {
    await install(null);
    expect(await nvidiaGpus(undefined)).toEqual({
      gpus: [],
      reason: expect.stringContaining('is not installed'),
    });
    await install(`printf 'NVIDIA-SMI has failed\\nMake sure'; exit 9`);
    expect(await nvidiaGpus(undefined)).toEqual({
      gpus: [],
      reason: 'nvidia-smi failed: NVIDIA-SMI has failed',
    });
  });
});
