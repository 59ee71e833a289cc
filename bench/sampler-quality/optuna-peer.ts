import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseSearchSpace } from '../../src/core/search-space/parse-search-space.ts';
import type { Params } from '../../src/core/search-space/space.ts';
import { violation } from '../../src/core/study.ts';
import type { AskAndTell } from './anytime.ts';
import type { QualityProblem } from './problem.ts';

/** How users of Optuna 5 set its TPE up: as it comes, or joint over all parameters with groups for conditional ones. */
export const optunaSetups = {
  'optuna default': {},
  'optuna multivariate': { multivariate: true, group: true },
} as const;
export type OptunaSetup = keyof typeof optunaSetups;

/**
 * The setups that differ on a problem. With one objective and no conditions the default of version 5 is multivariate
 * too, and the only group is the whole space.
 */
export function setupsFor({ objectives, searchSpace }: QualityProblem): OptunaSetup[] {
  const isConditional = Object.values(searchSpace).some(({ when }) => when !== undefined);
  if (objectives.length === 1 && !isConditional) return ['optuna default'];
  return ['optuna default', 'optuna multivariate'];
}

/** A Python process that runs studies of Optuna, one after another. */
export class OptunaPeer {
  readonly #process;
  readonly #lines;

  constructor(python: string) {
    const script = join(import.meta.dirname, '../peers/optuna_ask_tell.py');
    this.#process = spawn(python, [script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // A pool of threads for such small arrays costs more than it saves, and there is a process a core.
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  start(setup: OptunaSetup, problem: QualityProblem, seed: number): AskAndTell {
    const { searchSpace, objectives, constraints } = problem;
    let next: unknown = {
      study: {
        parameters: parseSearchSpace(searchSpace).parameters,
        directions: objectives.map(({ direction }) => direction.toLowerCase()),
        seed,
        sampler: optunaSetups[setup],
      },
    };
    return {
      ask: async () => {
        this.#process.stdin.write(`${JSON.stringify(next)}\n`);
        const { value, done } = await this.#lines.next();
        if (done) throw new Error(`Optuna ended on ${problem.name}.`);
        return JSON.parse(value) as Params;
      },
      tell: (values) => {
        next = {
          values: objectives.map(({ metric }) => values[metric]),
          constraints: constraints.map((constraint) => violation(constraint, values[constraint.metric]!)),
        };
      },
    };
  }
}
