import { setPriority } from 'node:os';
import { loadBackend } from '../../src/trainables/backends/load-backend.ts';
import { batches, train } from './training.ts';

// The training without a server, in a process of its own. As low a priority as trials have, for the same share of a core.

if (process.platform === 'linux') setPriority(0, 10);
const { tf } = await loadBackend('wasm');
console.log(JSON.stringify(await train(tf, Number(process.argv[2]), batches, async () => {})));
