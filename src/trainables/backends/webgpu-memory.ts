import { OutOfMemory } from './backend.ts';

/** The parts of a WebGPU device that allocate, as the standard has them. */
export interface AllocatingDevice {
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
  createBuffer(descriptor: { readonly size: number }): WebgpuBuffer;
  pushErrorScope(filter: 'out-of-memory'): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}
interface WebgpuBuffer {
  destroy(): void;
}

/** Where tfjs keeps buffers that it has done with, by size and use, to use them again. */
export interface BufferPool {
  freeBuffers: Map<string, WebgpuBuffer[]>;
  numFreeBuffers: number;
}

/**
 * Makes running out of a device's memory an error. tfjs does not look for one: it would go on
 * with wrong numbers. A buffer that is larger than any may be throws at once; of one for which the device has no room
 * the device tells later, so that the next allocation throws, and numbers in between are wrong. Then buffers that tfjs
 * keeps for later are freed.
 * @param maxBytes that the buffers of the device may have together, those that tfjs keeps among them
 */
export function watchBuffers(
  device: AllocatingDevice,
  pool: () => BufferPool,
  maxBytes = Number.POSITIVE_INFINITY,
): void {
  const largest = largestTensorBytes(device.limits);
  const createBuffer = device.createBuffer.bind(device);
  let bytes = 0;
  let failure: string | null = null;
  device.createBuffer = (descriptor) => {
    const { size } = descriptor;
    if (size > largest) {
      throw outOfMemory(`${size} bytes are more than the ${largest} of the device's largest buffer.`);
    }
    if (bytes + size > maxBytes) freeBuffers(pool());
    if (bytes + size > maxBytes) {
      throw outOfMemory(`${size} bytes more do not fit into the ${maxBytes} that may be used.`);
    }
    if (failure !== null) {
      const message = failure;
      failure = null;
      freeBuffers(pool());
      throw outOfMemory(message);
    }
    device.pushErrorScope('out-of-memory');
    const buffer = createBuffer(descriptor);
    device.popErrorScope().then(
      (error) => {
        if (error !== null) failure = error.message;
      },
      // The device is lost: whatever comes next says so.
      () => {},
    );
    bytes += size;
    const destroy = buffer.destroy.bind(buffer);
    let isThere = true;
    buffer.destroy = () => {
      if (isThere) bytes -= size;
      isThere = false;
      destroy();
    };
    return buffer;
  };
}

/** A tensor is one buffer, which shaders see as a whole. */
export function largestTensorBytes(limits: AllocatingDevice['limits']): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
}

function outOfMemory(what: string): OutOfMemory {
  return new OutOfMemory(`Out of memory: ${what} Use a smaller batch or model, or a GPU with more memory.`);
}

/** Frees what tfjs keeps for later. */
export function freeBuffers(pool: BufferPool): void {
  // The lists stay: tfjs takes a buffer back only where it has one for it.
  for (const buffers of pool.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) buffer.destroy();
  }
  pool.numFreeBuffers = 0;
}
