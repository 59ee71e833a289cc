import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { entryPoint } from '../../src/trainables/entry-point.ts';

describe('an entry point', () => {
  it('of the source runs in a thread, with what it imports', async () => {
    const worker = new Worker(entryPoint('./fixtures/thread', import.meta.url).threadUrl, { workerData: 41 });
    expect(await once(worker, 'message')).toEqual([42]);
    await worker.terminate();
  });

  it('of the compiled package is the compiled module, which needs no loader', () => {
    const entry = entryPoint('./trial-thread', 'file:///opt/trialgraph/dist/execution/pools/thread-pool.js');
    expect(entry.threadUrl.href).toBe('file:///opt/trialgraph/dist/execution/pools/trial-thread.js');
    expect(entry.path).toBe('/opt/trialgraph/dist/execution/pools/trial-thread.js');
    expect(entry.execArgv).toEqual([]);
  });
});
