import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gpuCheck } from '../gpu-check.ts';

// Entry of the folder that `npm run gpu-check -- --pack` writes: its data lies beside it.

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, 'allow-software': { type: 'boolean' } },
});
await gpuCheck({
  json: values.json ?? false,
  allowSoftware: values['allow-software'] ?? false,
  datasetsDir: fileURLToPath(new URL('./data', import.meta.url)),
});
