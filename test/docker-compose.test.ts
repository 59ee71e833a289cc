import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const commands = [['docker', 'compose'], ['docker-compose']] as const;
const compose = commands.find(([command, ...args]) => spawnSync(command, [...args, 'version']).status === 0);

function config(token: string | undefined) {
  const [command, ...args] = compose!;
  const { TRIALGRAPH_TOKEN: _, ...env } = process.env;
  return spawnSync(command, [...args, 'config'], {
    encoding: 'utf8',
    env: token === undefined ? env : { ...env, TRIALGRAPH_TOKEN: token },
  });
}

test.skipIf(compose === undefined)(
  'docker-compose.yml is valid, and asks for a token (skipped without Docker Compose: apt-get install docker-compose)',
  () => {
    const given = config('0123456789abcdef');
    expect(given.stderr).toBe('');
    expect(given.stdout).toContain('postgresql://trialgraph');
    const missing = config(undefined);
    expect(missing.status).not.toBe(0);
    expect(missing.stderr).toContain('set it to a secret');
  },
);
