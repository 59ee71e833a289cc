import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../core/errors.ts';
import { runProgram } from './run-program.ts';

/**
 * What is in a wheel for one Python serves here as well as for another, so one is named that every release since 2.15
 * has wheels for: the Python that runs pip need not be one that TensorFlow supports.
 */
const pythonVersion = '3.11';
const machines: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };
const glibcVersions = ['2_27', '2_28', '2_17', '2_31', '2_34'];

/** Downloads a wheel for each requirement, such as `tensorflow-cpu==2.21.0`. @returns their paths, in that order */
export async function downloadWheels(
  requirements: readonly string[],
  directory: string,
  python: string,
): Promise<string[]> {
  const machine = machines[process.arch];
  if (process.platform !== 'linux' || machine === undefined) {
    throw new OperatorError(
      `There are no TensorFlow libraries to build against for ${process.platform} ${process.arch}, only for Linux on ` +
        'x64 and arm64. The backends webgpu and wasm work here: see trialgraph doctor.',
    );
  }
  const platforms = [
    ...glibcVersions.map((glibc) => `manylinux_${glibc}_${machine}`),
    `manylinux2014_${machine}`,
  ];
  const paths: string[] = [];
  for (const requirement of requirements) {
    const target = await mkdtemp(join(directory, 'wheel-'));
    await runProgram(
      python,
      [
        ...[
          '-m',
          'pip',
          'download',
          '--no-deps',
          '--only-binary=:all:',
          '--quiet',
          '--disable-pip-version-check',
        ],
        ...['--python-version', pythonVersion, '--implementation', 'cp'],
        ...platforms.flatMap((platform) => ['--platform', platform]),
        ...['--dest', target, requirement],
      ],
      'Install Python with pip (apt-get install python3-pip), name one by --python, or give a wheel by --wheel.',
    );
    const [file] = await readdir(target);
    paths.push(join(target, file!));
  }
  return paths;
}
