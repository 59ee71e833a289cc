import { cpus, totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import type { LoadedBackend } from './backend.ts';
import { watchTensorBytes } from './tensor-bytes.ts';

/** Plain JavaScript: slow, but it works everywhere. */
export async function loadCpu(): Promise<LoadedBackend> {
  // Production mode also keeps tfjs from advertising its other packages on the console.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  return {
    name: 'cpu',
    kind: 'cpu',
    tf,
    device: `${processorName()}, one thread, plain JavaScript`,
    version: `@tensorflow/tfjs-backend-cpu ${tf.version['tfjs-backend-cpu']}`,
    memoryBytes: totalmem(),
    adapter: null,
    runs: watchTensorBytes(tf),
    lost: null,
  };
}

/** As people call it, without marks such as (R) and (TM). */
export function processorName(): string {
  const model = cpus()[0]?.model ?? '';
  return (
    model
      .replace(/\((?:r|tm|c)\)/gi, '')
      .replace(/\s+/g, ' ')
      .trim() || 'CPU'
  );
}
