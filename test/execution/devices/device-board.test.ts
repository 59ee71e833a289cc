import { expect, test } from 'vitest';
import { DeviceBoard } from '../../../src/execution/devices/device-board.ts';
import { testDevice } from '../../support/engine.ts';

const limitAfter = (memorySource: 'LARGEST_BUFFER' | 'DRIVER', ...heldBytes: number[]) => {
  const gpu = { ...testDevice, id: 'webgpu', kind: 'gpu', memoryBytes: 1000, memorySource } as const;
  const board = new DeviceBoard({ devices: [gpu], memoryShare: 0.5, slots: 1, gpuSlots: 4 });
  heldBytes.forEach((bytes, trial) => {
    board.reserve(trial, 'webgpu', 100);
    board.held(trial, bytes);
    board.release(trial);
  });
  return board.read()[0]!.memoryLimitBytes;
};

test('a GPU of which only the largest buffer is known has what a trial was seen to have there', () => {
  expect(limitAfter('LARGEST_BUFFER', 300)).toBe(500);
  expect(limitAfter('LARGEST_BUFFER', 900, 300)).toBe(900);
  expect(limitAfter('DRIVER', 900)).toBe(500);
});

test('what a trial had that does not run here says nothing', () => {
  const board = new DeviceBoard({ devices: [testDevice], memoryShare: 0.5, slots: 1, gpuSlots: 4 });
  board.held(7, 900);
  expect(board.read()[0]!.memoryLimitBytes).toBeNull();
});
