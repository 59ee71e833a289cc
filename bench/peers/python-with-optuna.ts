import { spawnSync } from 'node:child_process';

/** A Python that can import Optuna, and the versions that a result depends on. */
export interface PythonWithOptuna {
  readonly command: string;
  readonly optuna: string;
  readonly numpy: string;
  readonly python: string;
}

/** How to get what `findPythonWithOptuna` looks for. */
export const howToGetOptuna =
  'To compare with Optuna, pip install optuna==5.0.0 scipy and set TRIALGRAPH_BENCH_PYTHON to that Python.';

const report =
  'import json, platform, optuna, numpy; ' +
  'print(json.dumps({"optuna": optuna.__version__, "numpy": numpy.__version__, "python": platform.python_version()}))';

/** The Python that TRIALGRAPH_BENCH_PYTHON names, else python3 on the PATH; null where it has no Optuna 5. */
export function findPythonWithOptuna(): PythonWithOptuna | null {
  const command = process.env.TRIALGRAPH_BENCH_PYTHON ?? 'python3';
  const { status, stdout } = spawnSync(command, ['-c', report], { encoding: 'utf8' });
  if (status !== 0) return null;
  const versions = JSON.parse(stdout) as Omit<PythonWithOptuna, 'command'>;
  return versions.optuna.startsWith('5.') ? { command, ...versions } : null;
}
