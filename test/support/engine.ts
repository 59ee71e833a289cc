import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll } from 'vitest';
import type { Logger } from '../../src/core/logger.ts';
import type { ComputeDevice } from '../../src/execution/devices/compute-device.ts';
import { Engine, type EngineOptions } from '../../src/execution/engine.ts';
import { DiskBlobStore } from '../../src/storage/artifacts/disk-blob-store.ts';
import type { FileStorage } from '../../src/storage/artifacts/file-storage.ts';
import { StagingArea } from '../../src/storage/artifacts/staging-area.ts';
import { PrismaClient } from '../../src/storage/prisma/client.ts';
import { builtinTrainables } from '../../src/trainables/registry.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

/** Prints nothing but what should never happen. */
export const quietLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (fields, message) => console.error(message, fields),
};

export const testDevice: ComputeDevice = {
  id: 'cpu',
  name: 'test',
  kind: 'cpu',
  backend: 'wasm',
  cuda: null,
  memoryBytes: null,
  memorySource: null,
  adapter: null,
  trialBytes: null,
};

/** An engine on a database of its own, closed after the tests of the caller. */
export async function createTestEngine(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = engineOn(await createTestDatabase(), options);
  afterAll(() => engine.close());
  return engine;
}

/** An engine on a given database, as a server that starts there would have it. The caller closes it. */
export function engineOn({ pool }: TestDatabase, options: Partial<EngineOptions> = {}): Engine {
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return new Engine({
    database: { pool, prisma, description: 'test', close: async () => {} },
    files: testFiles,
    trainables: builtinTrainables(),
    trainablesDir: null,
    worker: 'server:test',
    devices: [testDevice],
    backendOptions: {},
    slots: 2,
    trialRetries: 2,
    gpuSlots: 4,
    warmThreads: false,
    memoryShare: 0.8,
    eventsPerStudy: 1_000_000,
    log: quietLogger,
    ...options,
  });
}

/** Files of this process, which come into being with the first of them. */
const directory = join(tmpdir(), `trialgraph-files-${process.pid}`);
const testFiles: FileStorage = {
  blobs: new DiskBlobStore(directory),
  staging: new StagingArea(join(directory, 'incoming')),
  maxBytes: 2 ** 20,
};
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
