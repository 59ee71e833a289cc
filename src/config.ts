import { join, resolve } from 'node:path';
import { loadConfig as loadConfigFile, loadDotenv } from 'c12';
import type * as z from 'zod';
import {
  minTokenLength,
  type Settings,
  type SettingsInput,
  settingList,
  settings,
} from './config/settings.ts';
import { OperatorError } from './core/errors.ts';
import { isJsonObject, showJson } from './core/json.ts';
import { didYouMean } from './core/nearest-name.ts';
import { isLoopback } from './server/loopback.ts';

const profiles = ['development', 'production'] as const;
type Profile = (typeof profiles)[number];

/** Every setting, checked and with its default. */
export interface Config extends Settings {
  readonly profile: Profile;
  readonly logFormat: 'pretty' | 'json';
  /** The config file that was read. */
  readonly file?: string;
}

export interface ConfigSources {
  /** Where `.env` and `trialgraph.config.*` are, and what relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settings from the command line; they win over all else. */
  readonly overrides?: Partial<SettingsInput>;
}

/** Settings that cannot be used; carries every fault found. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError';
  /** One line a fault, each with the setting's names, what it is and what it should be. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(['The configuration cannot be used:', ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.faults = faults;
  }
}

/**
 * Reads the settings: those of the command line win over the environment's, these over `.env`'s, these over the config
 * file's (its `$development` or `$production` part first), these over the defaults.
 * @throws ConfigError with every fault.
 */
export async function loadConfig({ cwd, env, overrides = {} }: ConfigSources): Promise<Config> {
  const variables = await loadDotenv({ cwd, env: definedOnly(env) });
  const faults: string[] = [];
  const profile = readProfile(variables, faults);
  const { file, content } = await readConfigFile(cwd, profile);
  for (const part of profiles) checkKeys(content[`$${part}`], faults, `$${part}.`);

  const merged = [readEnvironment(variables), overrides].reduce(merge, omitProfiles(content));
  const parsed = settings.safeParse(merged);
  if (!parsed.success) faults.push(...parsed.error.issues.flatMap((issue) => describeIssue(issue, merged)));
  if (isOpenWithoutToken(merged)) {
    faults.push(
      `token (TRIALGRAPH_TOKEN): missing, and anybody who reaches ${showJson(merged.host)} could run trials. ` +
        `Set a secret of at least ${minTokenLength} characters (such as that of \`openssl rand -hex 32\`), or set host ` +
        '(TRIALGRAPH_HOST) to 127.0.0.1.',
    );
  }
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);

  const readable = profile === 'development' && process.stderr.isTTY;
  const { logFormat, dataDir, ...rest } = parsed.data;
  return {
    ...rest,
    profile,
    dataDir: resolve(cwd, dataDir),
    logFormat: logFormat !== 'auto' ? logFormat : readable ? 'pretty' : 'json',
    ...(file === undefined ? {} : { file }),
  };
}

type RawSettings = { readonly [key: string]: unknown };

function readProfile(variables: NodeJS.ProcessEnv, faults: string[]): Profile {
  const chosen = variables.TRIALGRAPH_PROFILE;
  const profile = profiles.find((name) => name === (chosen || variables.NODE_ENV));
  if (chosen && !profile) {
    faults.push(`TRIALGRAPH_PROFILE: expected development or production, got ${showJson(chosen)}.`);
  }
  return profile ?? 'development';
}

async function readConfigFile(cwd: string, profile: Profile) {
  const options = {
    cwd,
    name: 'trialgraph',
    envName: profile,
    rcFile: false,
    extend: false,
    giget: false,
  } as const;
  const { config, _configFile: file } = await loadConfigFile<RawSettings>(options).catch((error: unknown) => {
    throw new ConfigError([`${join(cwd, 'trialgraph.config.*')} cannot be read: ${messageOf(error)}`]);
  });
  if (!isJsonObject(config)) throw new ConfigError([`${file}: expected an object of settings.`]);
  return { file, content: config as RawSettings };
}

function readEnvironment(variables: NodeJS.ProcessEnv): RawSettings {
  return settingList
    .filter((setting) => variables[setting.environment])
    .map((setting) =>
      setting.key
        .split('.')
        .reduceRight<unknown>((value, part) => ({ [part]: value }), variables[setting.environment]),
    )
    .reduce<RawSettings>((all, one) => merge(all, one as RawSettings), {});
}

function omitProfiles(content: RawSettings): RawSettings {
  const isProfile = (key: string) => profiles.some((profile) => key === `$${profile}`);
  return Object.fromEntries(Object.entries(content).filter(([key]) => !isProfile(key)));
}

/** `over`'s settings in place of `base`'s, save those that are undefined. */
function merge(base: RawSettings, over: RawSettings): RawSettings {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value === undefined) continue;
    merged[key] = isJsonObject(below) && isJsonObject(value) ? merge(below, value) : value;
  }
  return merged;
}

/** Notes unknown keys in the part of the other profile too, lest they are only found in production. */
function checkKeys(part: unknown, faults: string[], prefix: string): void {
  if (part === undefined) return;
  const parsed = settings.safeParse(part);
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys') faults.push(...describeUnknownKeys(issue, prefix));
  }
}

function describeIssue(issue: z.core.$ZodIssue, raw: RawSettings): string[] {
  if (issue.code === 'unrecognized_keys') return describeUnknownKeys(issue, '');
  const key = issue.path.join('.');
  const setting = settingList.find((candidate) => candidate.key === key);
  if (!setting) return [`${key}: expected an object of settings.`];
  const value = issue.path.reduce<unknown>((at, part) => (at as RawSettings)[String(part)], raw);
  const shown = setting.secret ? concealed(value) : showJson(value);
  return [`${key} (${setting.environment}): expected ${setting.expected}, got ${shown}.`];
}

function describeUnknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, prefix: string): string[] {
  const group = issue.path.map((part) => `${String(part)}.`).join('');
  const known = settingList
    .filter(({ key }) => key.startsWith(group))
    .map(({ key }) => key.slice(group.length).split('.')[0]!);
  return issue.keys.map(
    (key) => `${prefix}${group}${key}: not a setting. ${didYouMean(key, [...new Set(known)])}`,
  );
}

function concealed(value: unknown): string {
  return typeof value === 'string' ? `something else, of ${value.length} characters` : `a ${typeof value}`;
}

function isOpenWithoutToken(raw: RawSettings): boolean {
  return typeof raw.host === 'string' && raw.host !== '' && !isLoopback(raw.host) && raw.token === undefined;
}

function definedOnly(env: ConfigSources['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
