import { type Config, ConfigError, loadConfig } from '../../config.ts';
import type { Check } from './check.ts';

/** The configuration as `trialgraph serve` would read it here; null when it cannot be used. */
export async function checkConfiguration(): Promise<{ check: Check; config: Config | null }> {
  try {
    const config = await loadConfig({ cwd: process.cwd(), env: process.env });
    const source = config.file ?? 'no config file (trialgraph.config.ts)';
    const detail = `${source}, profile ${config.profile}, data in ${config.dataDir}`;
    return { check: { name: 'settings', works: true, detail }, config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { check: { name: 'settings', works: false, detail: error.faults.join('\n') }, config: null };
  }
}
