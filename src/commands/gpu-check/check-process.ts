import type { BackendName } from '../../trainables/backends/backend.ts';
import { loadBackend } from '../../trainables/backends/load-backend.ts';
import { offerDatasets } from '../../trainables/datasets/load-dataset.ts';
import { checkBackend } from './check-backend.ts';
import type { CheckAnswer, CheckOrder } from './run-check.ts';

// Entry of the process that checks one backend, so that a driver that crashes takes only that with it.

const { backend, datasetsDir, ...options } = JSON.parse(process.argv[2]!) as CheckOrder;
process.send!(await answer(backend));
process.disconnect();

async function answer(name: BackendName): Promise<CheckAnswer> {
  offerDatasets(datasetsDir);
  try {
    return { check: await checkBackend(await loadBackend(name, options)) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
