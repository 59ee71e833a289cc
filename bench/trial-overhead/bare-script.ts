import { setPriority } from 'node:os';
import { loadBackend } from '../../src/trainables/backends/load-backend.ts';
import { Training } from './training.ts';
import { takeTurns } from './turns.ts';

// The training without a server, in a process of its own. As low a priority as trials have, for the same share of a core.

const [path, name, seed] = process.argv.slice(2);
if (process.platform === 'linux') setPriority(0, 10);
const { tf } = await loadBackend('wasm');
const training = new Training(tf, Number(seed));
await takeTurns(path!, name!, () => training.trainBatch());
