import './server/production.ts';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger as PinoLogger } from 'pino';
import type { Config } from './config.ts';
import { findDevices } from './execution/devices/find-devices.ts';
import { Engine } from './execution/engine.ts';
import { createGraphqlContext } from './graphql/context.ts';
import { schema } from './graphql/schema.ts';
import { archiveRoutes } from './server/archives.ts';
import { artifactRoutes } from './server/artifacts.ts';
import { schemaRoutes } from './server/schemas.ts';
import { startServer } from './server/server.ts';
import { openFileStorage } from './storage/artifacts/file-storage.ts';
import { openDatabase } from './storage/database.ts';
import { nativeEnvironment } from './trainables/backends/backend.ts';
import { offerDatasets } from './trainables/datasets/load-dataset.ts';
import { offerModels } from './trainables/models/saved-models.ts';
import { installedTrainables } from './trainables/own/installed-trainables.ts';

export interface Application {
  readonly url: string;
  readonly engine: Engine;
  /** Gives running trials back to the queue and stops the server and its database. */
  close(): Promise<void>;
}

/** Puts the whole server together and starts it. */
export async function startApplication(config: Config, logger: PinoLogger): Promise<Application> {
  // Threads copy the environment when they start, so it must be there before.
  Object.assign(process.env, { ...nativeEnvironment, ...process.env });
  offerDatasets(config.datasetsDir ?? null);
  offerModels(config.modelsDir ?? null);
  const trainablesDir = config.trainablesDir ?? null;
  const trainables = await installedTrainables(trainablesDir);
  const [database, devices] = await Promise.all([
    openDatabase({
      databaseUrl: config.databaseUrl ?? null,
      dataDir: join(config.dataDir, 'postgres'),
      log: logger,
    }),
    findDevices(config),
  ]);
  const closing: (() => Promise<void>)[] = [() => database.close()];
  const close = async (): Promise<void> => {
    // What was started last ends first; one that fails to must not keep the others alive.
    for (const end of closing.splice(0).reverse()) {
      await end().catch((error) =>
        logger.error({ err: error }, 'a part of the server could not be stopped cleanly'),
      );
    }
  };
  try {
    const files = await openFileStorage({
      url: config.artifacts.url ?? null,
      directory: join(config.dataDir, 'artifacts'),
      maxBytes: config.artifacts.maxBytes,
    });
    logger.info(
      {
        database: database.description,
        files: files.blobs.description,
        devices: devices.map(({ name }) => name),
        backend: devices.find(({ backend }) => backend !== null)!.backend,
      },
      'ready to run trials',
    );
    const engine = new Engine({
      database,
      files,
      trainables,
      trainablesDir,
      worker: `server:${await serverId(config.dataDir)}`,
      devices,
      backendOptions: {
        allowSoftwareGpu: config.allowSoftwareGpu,
        ...(config.deviceMemory === undefined ? {} : { maxGpuBytes: config.deviceMemory }),
      },
      slots: config.slots,
      trialRetries: config.trialRetries,
      gpuSlots: config.gpuSlots,
      warmThreads: true,
      memoryShare: config.memoryShare,
      eventsPerStudy: config.eventsPerStudy,
      log: logger,
    });
    closing.push(() => engine.close());
    const server = await startServer({
      config,
      schema,
      logger,
      createContext: ({ viewer }) => createGraphqlContext(viewer, engine),
      routes: [artifactRoutes(engine.artifacts), archiveRoutes(engine.archives, config.limits), schemaRoutes],
      trialTokens: engine.trialTokens,
      checkDatabase: () => database.pool.query('SELECT 1'),
    });
    closing.push(() => server.close());
    await engine.endLeftovers();
    await engine.start(server.url);
    return { url: server.url, engine, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The name under which this server claims trials: kept in the data directory, so that it finds its own again. */
async function serverId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'server-id');
  await mkdir(dataDir, { recursive: true });
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const id = randomUUID();
    await writeFile(file, `${id}\n`);
    return id;
  }
}
