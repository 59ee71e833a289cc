import type { BackendName, LoadedBackend } from './backend.ts';
import { loadBackend } from './load-backend.ts';
import type { BackendProbe } from './probe-backends.ts';

// Entry of the process that tries one backend and sends what came of it.

const [name, allowSoftwareGpu] = process.argv.slice(2) as [BackendName, string];
process.send!(await probe());
process.disconnect();

async function probe(): Promise<BackendProbe> {
  try {
    const backend = await loadBackend(name, { allowSoftwareGpu: allowSoftwareGpu === 'true' });
    await trainOneStep(backend);
    const { kind, device, version, memoryBytes, adapter } = backend;
    return { name, works: true, kind, device, version, memoryBytes, adapter };
  } catch (error) {
    return { name, works: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A backend works when it computes: w = 2, loss = (3 w - 1)^2, gradient 30, so w - 0.01 * 30 = 1.7. */
async function trainOneStep({ tf }: LoadedBackend): Promise<void> {
  const weight = tf.variable(tf.tensor2d([[2]]));
  const input = tf.tensor2d([[3]]);
  tf.train.sgd(0.01).minimize(() => tf.sum(tf.square(tf.sub(tf.matMul(input, weight), 1))));
  const [value] = await weight.data();
  if (Math.abs(value! - 1.7) > 1e-3) throw new Error(`It computes wrong numbers: ${value} in place of 1.7.`);
}
