import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configurationPage, withSettingsTable } from '../scripts/configuration-docs.ts';
import { settingList } from '../src/config/settings.ts';
import { ConfigError, loadConfig } from '../src/config.ts';

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'trialgraph-config-'));
});
afterEach(() => rm(cwd, { recursive: true }));

async function write(name: string, content: string): Promise<void> {
  await mkdir(dirname(join(cwd, name)), { recursive: true });
  await writeFile(join(cwd, name), content);
}

async function faultsOf(sources: Omit<Parameters<typeof loadConfig>[0], 'cwd'>): Promise<readonly string[]> {
  const error = await loadConfig({ cwd, ...sources }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).faults;
}

describe('where settings come from', () => {
  test('every setting has a default', async () => {
    const config = await loadConfig({ cwd, env: {} });
    expect(config).toMatchObject({
      profile: 'development',
      host: '127.0.0.1',
      port: 4000,
      portFallback: false,
      dataDir: join(cwd, 'data'),
      backend: 'auto',
      slots: availableParallelism(),
      logLevel: 'info',
      limits: { bodyBytes: 16 * 2 ** 20, depth: 20 },
    });
    expect(config.token).toBeUndefined();
    expect(config.databaseUrl).toBeUndefined();
    expect(config.file).toBeUndefined();
  });

  test('the command line wins over the environment, .env, the profile, the file and the default, in this order', async () => {
    await write(
      'trialgraph.config.json',
      JSON.stringify({
        port: 1,
        slots: 1,
        trialRetries: 1,
        shutdownSeconds: 1,
        backend: 'file',
        $development: { port: 2, slots: 2, trialRetries: 2, shutdownSeconds: 2 },
      }),
    );
    await write('.env', 'TRIALGRAPH_PORT=3\nTRIALGRAPH_SLOTS=3\nTRIALGRAPH_TRIAL_RETRIES=3\n');
    const env = { TRIALGRAPH_PORT: '4', TRIALGRAPH_SLOTS: '4' };
    const config = await loadConfig({ cwd, env, overrides: { port: 5, slots: undefined } });
    expect(config).toMatchObject({ port: 5, slots: 4, trialRetries: 3, shutdownSeconds: 2, backend: 'file' });
    expect(config.file).toBe(join(cwd, 'trialgraph.config.json'));
  });

  test('a TypeScript file works, and limits in different places are put together', async () => {
    await write(
      'trialgraph.config.ts',
      'const depth: number = 30;\nexport default { limits: { depth, cost: 100 } };\n',
    );
    const config = await loadConfig({ cwd, env: { TRIALGRAPH_LIMITS_COST: '200' } });
    expect(config.limits).toMatchObject({ depth: 30, cost: 200, aliases: 100 });
  });

  test.each([
    [{}, 'development', 1],
    [{ NODE_ENV: 'production' }, 'production', 2],
    [{ NODE_ENV: 'test' }, 'development', 1],
    [{ NODE_ENV: 'production', TRIALGRAPH_PROFILE: 'development' }, 'development', 1],
  ])('%j chooses the profile %s', async (env, profile, slots) => {
    await write('trialgraph.config.json', JSON.stringify({ slots: 1, $production: { slots: 2 } }));
    expect(await loadConfig({ cwd, env })).toMatchObject({ profile, slots });
  });

  test('reading it leaves the environment of the process alone', async () => {
    await write('.env', 'TRIALGRAPH_SLOTS=3\n');
    await loadConfig({ cwd, env: process.env });
    expect(process.env.TRIALGRAPH_SLOTS).toBeUndefined();
  });

  test('an empty variable counts as absent', async () => {
    expect(await loadConfig({ cwd, env: { TRIALGRAPH_PORT: '', DATABASE_URL: '' } })).toMatchObject({
      port: 4000,
    });
  });
});

describe('faults', () => {
  test('all of them are told at once, with both names, the value and what is expected', async () => {
    await write(
      'trialgraph.config.json',
      JSON.stringify({ slots: 0, limits: { dept: 3, cost: true }, prot: 80, $production: { hots: 'x' } }),
    );
    const faults = await faultsOf({
      env: {
        TRIALGRAPH_PORT: 'eighty',
        TRIALGRAPH_PROFILE: 'staging',
        DATABASE_URL: 'mysql://root:hunter2@db/x',
      },
    });
    expect([...faults].sort()).toEqual([
      '$production.hots: not a setting. Did you mean "host"?',
      'TRIALGRAPH_PROFILE: expected development or production, got "staging".',
      'databaseUrl (DATABASE_URL): expected a URL such as postgresql://user:password@host:5432/database, got something else, of 25 characters.',
      'limits.cost (TRIALGRAPH_LIMITS_COST): expected a whole number from 100 to 10000000, got true.',
      'limits.dept: not a setting. Did you mean "depth"?',
      'port (TRIALGRAPH_PORT): expected a whole number from 0 to 65535, got "eighty".',
      'prot: not a setting. Did you mean "port"?',
      'slots (TRIALGRAPH_SLOTS): expected a whole number from 1 to 1024, got 0.',
    ]);
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.example.org'])(
    'listening on %s needs a token',
    async (host) => {
      const [fault, ...others] = await faultsOf({ env: { TRIALGRAPH_HOST: host } });
      expect(others).toEqual([]);
      expect(fault).toMatch(/^token \(TRIALGRAPH_TOKEN\): missing.*Set a secret of at least 16 characters/);
      const config = await loadConfig({
        cwd,
        env: { TRIALGRAPH_HOST: host, TRIALGRAPH_TOKEN: 'x'.repeat(16) },
      });
      expect(config.host).toBe(host);
    },
  );

  test.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('listening on %s needs none', async (host) => {
    expect(await loadConfig({ cwd, env: { TRIALGRAPH_HOST: host } })).toMatchObject({ host });
  });

  test('a missing token is told beside other faults', async () => {
    expect(await faultsOf({ env: { TRIALGRAPH_HOST: '0.0.0.0', TRIALGRAPH_PORT: '-1' } })).toHaveLength(2);
  });

  test('a short token is a fault that does not show it', async () => {
    const faults = await faultsOf({ env: { TRIALGRAPH_TOKEN: 'hunter2' } });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('at least 16 characters');
    expect(faults[0]).not.toContain('hunter2');
  });

  test.each([
    ['trialgraph.config.json', '{"port": '],
    ['trialgraph.config.ts', 'export default { port: '],
    ['trialgraph.config.ts', 'throw new Error("no")'],
    ['trialgraph.config.json', '[1]'],
    ['trialgraph.config.json', '3'],
  ])('a %s that holds %s is told with its place', async (name, content) => {
    await write(name, content);
    const faults = await faultsOf({ env: {} });
    expect(faults.join()).toContain(join(cwd, 'trialgraph.config'));
  });

  test('a group that is no group is a fault', async () => {
    await write('trialgraph.config.json', '{"limits": 3}');
    expect(await faultsOf({ env: {} })).toEqual(['limits: expected an object of settings.']);
  });
});

test('docs/configuration.md is up to date', async () => {
  const page = await readFile(configurationPage, 'utf8');
  expect(withSettingsTable(page), 'run `node --import tsx scripts/configuration-docs.ts`').toBe(page);
  for (const setting of settingList) expect(page).toContain(setting.environment);
});
