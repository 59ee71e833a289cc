import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { readCpuMemory } from '../../../src/execution/devices/cpu-memory.ts';
import { devicesOf } from '../../../src/execution/devices/find-devices.ts';
import { cudaVisibleDevices } from '../../../src/trainables/placed-device.ts';

const h100 = (index: number) => ({
  index,
  uuid: `GPU-${index}`,
  name: 'NVIDIA H100 80GB HBM3',
  memoryBytes: 80e9,
  usedBytes: 0,
});
const wasm = {
  name: 'wasm',
  kind: 'cpu',
  device: 'Some CPU, one thread',
  memoryBytes: 3e9,
  adapter: null,
} as const;
const arc = {
  vendor: 'intel',
  architecture: 'xe',
  isSoftware: false,
  maxTensorBytes: 2e9,
  limits: { maxBufferSize: 4e9, maxStorageBufferBindingSize: 2e9 },
};
const webgpu = {
  name: 'webgpu',
  kind: 'gpu',
  device: 'intel, xe, Arc',
  memoryBytes: null,
  adapter: arc,
} as const;

test('a machine without GPUs has its CPU, with the backend of tfjs', () => {
  expect(devicesOf(wasm, [], 16e9)).toMatchObject([
    { id: 'cpu', kind: 'cpu', backend: 'wasm', cuda: null, memoryBytes: 16e9 },
  ]);
});

test('every NVIDIA GPU is a device; the one that tfjs computes on is not counted twice', () => {
  const tensorflow = {
    name: 'tensorflow-gpu',
    kind: 'gpu',
    device: 'CUDA GPU 0',
    memoryBytes: 80e9,
    adapter: null,
  } as const;
  const devices = devicesOf(tensorflow, [h100(2), h100(5)], 16e9);
  expect(devices.map(({ id, backend }) => [id, backend])).toEqual([
    ['cpu', null],
    ['cuda:2', 'tensorflow-gpu'],
    ['cuda:5', null],
  ]);
  expect(devices.map(cudaVisibleDevices)).toEqual(['', 'GPU-2', 'GPU-5']);
});

test('a GPU of another maker is a device beside them', () => {
  expect(devicesOf(webgpu, [h100(0)], 16e9).map(({ id, backend }) => [id, backend])).toEqual([
    ['cpu', null],
    ['webgpu', 'webgpu'],
    ['cuda:0', null],
  ]);
});

test('WebGPU’s memory is what is set, else what a driver tells, else the machine’s that it shares, else its largest buffer', () => {
  const memory = (chosen: Parameters<typeof devicesOf>[0], gpus = [h100(0)].slice(1), setBytes?: number) =>
    devicesOf(chosen, gpus, 16e9, setBytes)
      .filter(({ backend }) => backend === 'webgpu')
      .map(({ id, memoryBytes, memorySource }) => [id, memoryBytes, memorySource]);
  expect(memory(webgpu)).toEqual([['webgpu', 4e9, 'LARGEST_BUFFER']]);
  expect(memory(webgpu, [], 8e9)).toEqual([['webgpu', 8e9, 'SETTING']]);
  const apple = { ...webgpu, device: 'apple, M3', adapter: { ...arc, vendor: 'apple' } };
  expect(memory(apple)).toEqual([['webgpu', 16e9, 'MACHINE']]);
  const lavapipe = { ...webgpu, device: 'mesa, llvmpipe', adapter: { ...arc, isSoftware: true } };
  expect(memory(lavapipe)).toEqual([['webgpu', 16e9, 'MACHINE']]);
  const nvidia = { ...webgpu, device: 'nvidia, hopper, NVIDIA H100 80GB HBM3' };
  expect(memory(nvidia, [h100(0)])).toEqual([['cuda:0', 80e9, 'DRIVER']]);
  // Of a board whose GPU has no memory of its own the driver does not tell.
  const silent = { ...h100(0), memoryBytes: null } as never;
  expect(memory(nvidia, [silent])).toEqual([['cuda:0', 4e9, 'LARGEST_BUFFER']]);
});

test('the memory of the CPU is that of this machine or container, and some of it is used', () => {
  const { totalBytes, usedBytes } = readCpuMemory();
  expect(totalBytes).toBeLessThanOrEqual(totalmem());
  expect(usedBytes).toBeGreaterThan(0);
  expect(usedBytes).toBeLessThanOrEqual(totalBytes);
});
