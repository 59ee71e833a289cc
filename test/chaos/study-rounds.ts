import type { CreateStudyInput } from '../../src/client/index.ts';

/** A study that is run under fire, and the reasons for which it may end. */
export interface Round {
  readonly input: Omit<CreateStudyInput, 'name' | 'project' | 'objectives'>;
  readonly stopReason: RegExp;
  /** Whether trials run in processes that are killed, and then fail. */
  readonly losesProcesses?: true;
}

const done = (trials: number) => new RegExp(`^All ${trials} trials are done\\.$`);
const draws = { draw: { type: 'int', low: 0, high: 99 } };
/** Faults fill the lower end: whoever minimises by TPE would see nothing else. */
const random = { kind: 'random', seed: 1 };
/** Lost attempts must not make a healthy trial fail, nor wait for long. */
const retries = { lost: 1000, failed: 0, delaySeconds: 0.1, maxDelaySeconds: 0.5 };
const promotion = { kind: 'asha', minResource: 2, reductionFactor: 2, promotion: true };

/** Studies whose trials run in the server. */
export function insideRounds(ledger: string, seed: number): Round[] {
  const common = {
    trainable: 'faulty',
    trainableOptions: { ledger },
    searchSpace: draws,
    sampler: { ...random, seed },
    retries,
  };
  return [
    { input: { ...common, stopRules: { maxTrials: 16 } }, stopReason: done(16) },
    {
      input: { ...common, pruner: promotion, stopRules: { maxTrials: 14 } },
      stopReason: done(14),
    },
    {
      input: { ...common, stopRules: { target: { metric: 'loss', value: 70 }, maxTrials: 20 } },
      stopReason: /^(Target reached: loss is 6.*|All 20 trials are done\.)$/,
    },
    {
      input: {
        ...common,
        searchSpace: { draw: { type: 'categorical', choices: [0, 20, 30, 40, 50, 70, 80, 90] } },
        sampler: { kind: 'grid' },
      },
      stopReason: /^All settings of the sampler are tried, in 8 trials\.$/,
    },
    {
      input: { ...common, stopRules: { patience: 5, maxTrials: 25 } },
      stopReason: /^(No improvement for \d+ trials|All 25 trials are done)\.$/,
    },
    {
      input: { ...common, stopRules: { deviceSeconds: 8, maxTrials: 30 } },
      stopReason: /^(The budget is used up: 8 device-seconds|All 30 trials are done)\.$/,
    },
    {
      input: { ...common, stopRules: { timeoutSeconds: 10, maxTrials: 30 } },
      stopReason: /^(Time is up: 10 s|All 30 trials are done)\.$/,
    },
  ];
}

/** Studies whose trials run in processes of their own. */
export function processRounds(ledger: string, seed: number): Round[] {
  const common = {
    trainable: 'faulty',
    trainableOptions: { ledger },
    sampler: { ...random, seed },
    isolation: 'PROCESS',
  } as const;
  return [
    {
      // Healthy ones alone: each must complete, however often its process is killed.
      input: {
        ...common,
        searchSpace: { draw: { type: 'int', low: 70, high: 99 } },
        retries: { ...retries, failed: 1000 },
        stopRules: { maxTrials: 8 },
      },
      stopReason: done(8),
    },
    {
      input: { ...common, searchSpace: draws, retries, stopRules: { maxTrials: 10 } },
      stopReason: done(10),
      losesProcesses: true,
    },
  ];
}

/** Studies whose trials are run by workers. */
export function outsideRounds(seed: number): Round[] {
  const common = {
    searchSpace: { x: { type: 'float', low: 0, high: 1 } },
    sampler: { ...random, seed },
    retries,
  };
  return [
    // First, so that trials go on from checkpoints even in a short test.
    { input: { ...common, pruner: promotion, stopRules: { maxTrials: 12 } }, stopReason: done(12) },
    { input: { ...common, stopRules: { maxTrials: 12 } }, stopReason: done(12) },
    {
      input: { ...common, sampler: { kind: 'tpe', seed }, stopRules: { patience: 8, maxTrials: 20 } },
      stopReason: /^(No improvement for \d+ trials|All 20 trials are done)\.$/,
    },
  ];
}
