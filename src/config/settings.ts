import { availableParallelism } from 'node:os';
import * as z from 'zod';

/** What a person needs to know about a setting; docs/configuration.md and the messages about faults are made of it. */
interface SettingNotes {
  readonly description: string;
  /** What a value must be, to follow the word "expected". */
  readonly expected: string;
  /** The environment variable, where its name does not follow from the key. */
  readonly environment?: string;
  /** The default in words, where it depends on the machine. */
  readonly defaultsTo?: string;
  /** Its value is never shown. */
  readonly secret?: true;
}

export const settingNotes = z.registry<SettingNotes>();

export const minTokenLength = 16;

/** A whole number, written as a number or (in the environment) as its digits. */
function whole(min: number, max: number): z.ZodType<number, number | string> {
  const digitsToNumber = (value: unknown) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return z.preprocess(digitsToNumber, z.int().min(min).max(max)) as z.ZodType<number, number | string>;
}

const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
) as z.ZodType<boolean, boolean | string>;

const share = z.preprocess(
  (value) => (typeof value === 'string' && /^[\d.]{1,10}$/.test(value) ? Number(value) : value),
  z.number().gt(0).max(1),
) as z.ZodType<number, number | string>;

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

function limit(byDefault: number, min: number, max: number, description: string) {
  const expected = `a whole number from ${min} to ${max}`;
  return whole(min, max).default(byDefault).register(settingNotes, { description, expected });
}

const limits = z.strictObject({
  bodyBytes: limit(16 * mebibyte, 1024, 512 * mebibyte, 'The largest HTTP request body.'),
  importBytes: limit(16 * gibibyte, 1024, 1024 * gibibyte, 'The largest archive of a study to import.'),
  messageBytes: limit(16 * mebibyte, 1024, 512 * mebibyte, 'The largest WebSocket message.'),
  tokens: limit(4000, 100, 100_000, 'Words and signs in one GraphQL document; variables do not count.'),
  depth: limit(20, 5, 200, 'Fields within fields.'),
  aliases: limit(100, 0, 10_000, 'Aliased fields in one operation.'),
  directives: limit(50, 0, 10_000, 'Directives in one operation.'),
  rootFields: limit(50, 1, 10_000, 'Fields at the top of one operation.'),
  cost: limit(
    50_000,
    100,
    10_000_000,
    'Fields that one operation may ask for, those in lists counted once an item.',
  ),
  batch: limit(10, 1, 1000, 'Operations in one HTTP request.'),
  subscriptionsPerSocket: limit(100, 1, 100_000, 'Operations that may be active on one WebSocket.'),
});

const artifacts = z.strictObject({
  url: z
    .string()
    .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/|\?|$)/)
    .optional()
    .register(settingNotes, {
      description:
        'Where the files of trials are kept: a bucket of S3 or of any store that speaks its protocol. Without one, the data directory.',
      expected: 'a URL such as s3://bucket/folder?region=eu-west-1 or s3://bucket?endpoint=http://minio:9000',
    }),
  // S3 takes no more in one request.
  maxBytes: limit(gibibyte, 0, 5 * gibibyte, 'The largest file of a trial.'),
});

/** Every setting with its default: the only place that knows them. */
export const settings = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').register(settingNotes, {
    description: 'The address to listen on. Any that is not loopback needs a token.',
    expected: 'a host name or IP address',
  }),
  port: whole(0, 65_535).default(4000).register(settingNotes, {
    description: 'The port to listen on; 0 takes any that is free.',
    expected: 'a whole number from 0 to 65535',
  }),
  portFallback: flag.default(false).register(settingNotes, {
    description: 'Whether to take the next free port when the port is taken.',
    expected: 'true or false',
  }),
  token: z
    .string()
    .min(minTokenLength)
    .optional()
    .register(settingNotes, {
      description: 'The access token that clients must send. Without one, only this machine is served.',
      expected: `a secret of at least ${minTokenLength} characters`,
      secret: true,
    }),
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\/./)
    .optional()
    .register(settingNotes, {
      description:
        'The PostgreSQL database to use. Without one, the server starts its own in the data directory.',
      expected: 'a URL such as postgresql://user:password@host:5432/database',
      environment: 'DATABASE_URL',
      secret: true,
    }),
  dataDir: z.string().min(1).default('./data').register(settingNotes, {
    description: 'The directory for the database and artifacts, from the working directory on.',
    expected: 'a path',
  }),
  datasetsDir: z.string().min(1).optional().register(settingNotes, {
    description:
      'The directory with the operator’s own datasets: NAME.csv, or NAME-images-idx3-ubyte and NAME-labels-idx1-ubyte, also with .gz. See docs/datasets.md.',
    expected: 'a path',
  }),
  trainablesDir: z.string().min(1).optional().register(settingNotes, {
    description:
      'The directory with the operator’s own trainables: *.ts, *.js and *.mjs modules that export what defineTrainable makes, and programs declared in *.command.json. See docs/trainables.md.',
    expected: 'a path',
  }),
  modelsDir: z.string().min(1).optional().register(settingNotes, {
    description:
      'The directory with models for the trainable transfer: a folder for each, with model.json and its weights. See docs/trainables.md.',
    expected: 'a path',
  }),
  backend: z.string().min(1).default('auto').register(settingNotes, {
    description: 'The tfjs backend that trials run on; auto takes the first that works here.',
    expected: 'auto or the name of a backend',
  }),
  allowSoftwareGpu: flag.default(false).register(settingNotes, {
    description:
      'Lets the backend webgpu take a driver that computes on the CPU, such as Mesa’s lavapipe: to try things out where there is no GPU. wasm is faster.',
    expected: 'true or false',
  }),
  slots: whole(1, 1024)
    .default(() => availableParallelism())
    .register(settingNotes, {
      description: 'Trials that may run at the same time on the CPU.',
      expected: 'a whole number from 1 to 1024',
      defaultsTo: 'the number of cores',
    }),
  gpuSlots: whole(1, 1024).default(4).register(settingNotes, {
    description:
      'Trials that may run at the same time on each GPU, as far as its memory goes: a few fill the pauses in which one alone would leave it idle.',
    expected: 'a whole number from 1 to 1024',
  }),
  memoryShare: share.default(0.8).register(settingNotes, {
    description:
      'The part of each device’s memory that trials may be predicted to take together. The rest is for the server, the database, and what predictions miss.',
    expected: 'a number above 0, at most 1',
  }),
  deviceMemory: whole(mebibyte, 2 ** 50)
    .optional()
    .register(settingNotes, {
      description:
        'The memory of each device in bytes, in place of what is found: to leave some to others, or where a GPU tells nothing. On WebGPU trials get no more than that.',
      expected: `a whole number from ${mebibyte} to ${2 ** 50}`,
    }),
  trialRetries: whole(0, 1000).default(3).register(settingNotes, {
    description: 'How often a trial whose worker died is started again, unless its study says otherwise.',
    expected: 'a whole number from 0 to 1000',
  }),
  eventsPerStudy: limit(
    1_000_000,
    1000,
    1_000_000_000,
    'Events kept of each study; those who followed it before the oldest begin again with a snapshot.',
  ),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .register(settingNotes, {
      description: 'The least severe messages to log.',
      expected: 'trace, debug, info, warn, error or silent',
    }),
  logFormat: z.enum(['auto', 'pretty', 'json']).default('auto').register(settingNotes, {
    description:
      'How to log; auto is pretty in a terminal under the development profile, and JSON otherwise.',
    expected: 'auto, pretty or json',
  }),
  shutdownSeconds: whole(0, 3600).default(10).register(settingNotes, {
    description: 'How long a shutdown waits for requests and trials before it cuts them off.',
    expected: 'a whole number from 0 to 3600',
  }),
  artifacts: artifacts.prefault({}),
  limits: limits.prefault({}),
});

export type Settings = z.output<typeof settings>;
export type SettingsInput = z.input<typeof settings>;

/** One setting: its key in the config file (`limits.depth`), its environment variable, and what is known of it. */
export interface Setting extends SettingNotes {
  readonly key: string;
  readonly environment: string;
  readonly schema: z.ZodType;
}

export const settingList: readonly Setting[] = listSettings(settings, '');

function listSettings(group: z.ZodObject, prefix: string): Setting[] {
  return Object.entries(group.shape).flatMap(([name, schema]) => {
    const key = prefix + name;
    const notes = settingNotes.get(schema);
    if (notes) return [{ ...notes, key, environment: notes.environment ?? environmentName(key), schema }];
    return listSettings((schema as z.ZodPrefault<z.ZodObject>).unwrap(), `${key}.`);
  });
}

/** `limits.bodyBytes` is `TRIALGRAPH_LIMITS_BODY_BYTES`. */
function environmentName(key: string): string {
  const words = key.replace('.', '_').replace(/[A-Z]/g, (letter) => `_${letter}`);
  return `TRIALGRAPH_${words.toUpperCase()}`;
}
