import { expect, test } from 'vitest';
import { OutOfMemory } from '../../../src/trainables/backends/backend.ts';
import {
  type AllocatingDevice,
  type BufferPool,
  watchBuffers,
} from '../../../src/trainables/backends/webgpu-memory.ts';

/** A device with room for some bytes, which it tells of as WebGPU does: later, to whoever asks. */
function deviceWith(room: number): AllocatingDevice {
  let used = 0;
  const scopes: (string | null)[] = [];
  return {
    limits: { maxBufferSize: 1000, maxStorageBufferBindingSize: 500 },
    pushErrorScope: () => void scopes.push(null),
    popErrorScope: async () => {
      const message = scopes.pop()!;
      return message === null ? null : { message };
    },
    createBuffer: ({ size }) => {
      const fits = used + size <= room;
      if (fits) used += size;
      else scopes[scopes.length - 1] = `no room for ${size}`;
      return {
        destroy: () => {
          if (fits) used -= size;
        },
      };
    },
  };
}

function poolWith(...buffers: { destroy(): void }[]): BufferPool {
  return { freeBuffers: new Map([['a', buffers]]), numFreeBuffers: buffers.length };
}

test('a buffer that is larger than any may be, or than what may be used, is out of memory at once', () => {
  const device = deviceWith(1e6);
  watchBuffers(device, poolWith, 300);
  expect(() => device.createBuffer({ size: 501 })).toThrow(/Out of memory: 501 bytes .* 500 .* largest/);
  device.createBuffer({ size: 200 });
  expect(() => device.createBuffer({ size: 101 })).toThrow(OutOfMemory);
  device.createBuffer({ size: 100 });
});

test('buffers that are kept for later make room first', () => {
  const device = deviceWith(1e6);
  const pool = poolWith();
  watchBuffers(device, () => pool, 300);
  pool.freeBuffers.get('a')!.push(device.createBuffer({ size: 250 }));
  device.createBuffer({ size: 200 });
  expect(pool.freeBuffers.get('a')).toEqual([]);
  expect(pool.numFreeBuffers).toBe(0);
});

test('what the device had no room for is out of memory at the next allocation, and then it goes on', async () => {
  const device = deviceWith(300);
  const kept = device.createBuffer({ size: 200 });
  watchBuffers(device, poolWith);
  device.createBuffer({ size: 150 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(() => device.createBuffer({ size: 10 })).toThrow(/Out of memory: no room for 150/);
  kept.destroy();
  device.createBuffer({ size: 150 });
  await new Promise((resolve) => setImmediate(resolve));
  device.createBuffer({ size: 10 });
});
