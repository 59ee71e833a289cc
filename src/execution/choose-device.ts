import { OperatorError } from '../core/errors.ts';
import { type BackendName, backendNames } from '../trainables/backends/backend.ts';
import { probeBackends } from '../trainables/backends/probe-backends.ts';
import type { ComputeDevice } from './device-board.ts';

/**
 * The device that trials run on: with `auto` that of the first backend that works, in the order of preference.
 * @throws OperatorError when none works, with the reasons
 */
export async function chooseDevice(backend: string): Promise<ComputeDevice> {
  const candidates = backendNames.filter((name) => backend === 'auto' || name === backend);
  if (candidates.length === 0) {
    throw new OperatorError(
      `backend (TRIALGRAPH_BACKEND): expected auto, ${backendNames.join(', ')}, got "${backend}".`,
    );
  }
  const reasons: string[] = [];
  for (const name of candidates) {
    const [probe] = await probeBackends({ backends: [name as BackendName] });
    if (probe!.works) {
      return { name: probe!.device, kind: probe!.kind, backend: name, memoryBytes: probe!.memoryBytes };
    }
    reasons.push(`${name}: ${probe!.reason}`);
  }
  throw new OperatorError(`No backend works here.\n${reasons.join('\n')}`);
}
