import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backendPackages } from '../trainables/backends/backend.ts';
import { probeBackends } from '../trainables/backends/probe-backends.ts';
import { createOutput } from './output.ts';
import { createSteps } from './progress-steps.ts';
import { buildAddon, checkBuildTools } from './setup-tensorflow/build-addon.ts';
import { layCudaLibraries } from './setup-tensorflow/cuda-libraries.ts';
import { installPackage } from './setup-tensorflow/install-package.ts';
import { downloadWheels } from './setup-tensorflow/pip-download.ts';
import { TensorflowWheel } from './setup-tensorflow/tensorflow-wheel.ts';

export interface SetupTensorflowOptions {
  /** For NVIDIA GPUs; otherwise for the CPU. */
  readonly cuda?: boolean;
  /** A TensorFlow wheel that is there already. */
  readonly wheel?: string;
  /** The release to download. */
  readonly tensorflow: string;
  /** False: CUDA and cuDNN are the machine's own. */
  readonly cudaLibraries: boolean;
  /** The Python whose pip downloads. */
  readonly python: string;
}

/**
 * Makes the backend `tensorflow-gpu` or `tensorflow` work: the package's own installer fetches TensorFlow 2.9 for
 * CUDA 11, this builds its addon against the libraries of a recent TensorFlow wheel. @throws OperatorError
 */
export async function setupTensorflow(options: SetupTensorflowOptions): Promise<void> {
  const output = createOutput(process.stderr);
  const step = createSteps(output);
  const backend = options.cuda ? 'tensorflow-gpu' : 'tensorflow';
  checkBuildTools();

  const packageName = backendPackages[backend];
  const requirement = `${options.cuda ? 'tensorflow' : 'tensorflow-cpu'}==${options.tensorflow}`;
  const downloads = await mkdtemp(join(tmpdir(), 'trialgraph-tensorflow-'));
  const download = (requirements: readonly string[]) =>
    downloadWheels(requirements, downloads, options.python);
  try {
    const file =
      options.wheel ??
      (await step(`Downloading ${requirement} from PyPI`, async () => (await download([requirement]))[0]!));
    const wheel = await TensorflowWheel.open(file);
    try {
      const addon = await step(`Installing ${packageName}`, () => installPackage(packageName));
      await step('Taking TensorFlow from the wheel', () => wheel.layInto(addon));
      if (options.cuda && options.cudaLibraries) {
        const packages = await wheel.cudaPackages();
        await step(`Downloading CUDA and cuDNN from PyPI (${packages.length} packages)`, async () =>
          layCudaLibraries(await download(packages), addon),
        );
      }
      await step('Building the addon', () => buildAddon(addon));
    } finally {
      wheel.close();
    }
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }

  const [probe] = await step('Training a step', () => probeBackends({ backends: [backend] }));
  if (probe!.works) {
    output.say(output.colors.green(`The backend ${backend} works: ${probe!.device} (${probe!.version}).`));
    return;
  }
  output.say(
    output.colors.red(`It was built, but the backend ${backend} does not work here: ${probe!.reason}`),
  );
  process.exitCode = 1;
}
