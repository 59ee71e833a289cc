import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError, OperatorError } from '../../core/errors.ts';
import { ZipReader } from '../../execution/archive/zip-reader.ts';

/** The names of the C API's libraries in a wheel, and those that the addon is linked with. */
const libraries = {
  'libtensorflow_cc.so.2': ['libtensorflow.so', 'libtensorflow.so.2'],
  'libtensorflow_framework.so.2': ['libtensorflow_framework.so'],
} as const;

/** A Python wheel of TensorFlow 2.15 or newer: it holds the C API that tfjs-node's addon is built against. */
export class TensorflowWheel {
  readonly #path: string;
  readonly #zip: ZipReader;

  private constructor(path: string, zip: ZipReader) {
    this.#path = path;
    this.#zip = zip;
  }

  /** @throws OperatorError for what is no wheel of TensorFlow */
  static async open(path: string): Promise<TensorflowWheel> {
    let zip: ZipReader;
    try {
      zip = await ZipReader.open(path);
    } catch (error) {
      const reason = error instanceof InputError ? error.faults[0]!.message : String(error);
      throw new OperatorError(`${path} ${reason}. Give a .whl file by --wheel.`);
    }
    const missing = Object.keys(libraries).find((library) => !zip.has(`tensorflow/${library}`));
    if (missing === undefined) return new TensorflowWheel(path, zip);
    zip.close();
    throw new OperatorError(
      `${path} holds no tensorflow/${missing}. It must be a wheel of tensorflow or tensorflow-cpu, 2.15 or newer, ` +
        'for Linux.',
    );
  }

  close(): void {
    this.#zip.close();
  }

  /** Lays libraries and headers into the `deps` of an installed tfjs-node package, in place of what is there. */
  async layInto(addon: string): Promise<void> {
    const deps = join(addon, 'deps');
    await rm(deps, { recursive: true, force: true });
    const lib = join(deps, 'lib');
    for (const [library, links] of Object.entries(libraries)) {
      await this.#extract(`tensorflow/${library}`, join(lib, library));
      for (const link of links) await symlink(library, join(lib, link));
    }
    await this.#layHeaders(addon, join(deps, 'include'));
  }

  /** The requirements that bring CUDA and cuDNN for it; none where it is for the CPU alone. */
  async cudaPackages(): Promise<string[]> {
    const metadata = this.#zip.names().find((name) => /^tensorflow[^/]*\.dist-info\/METADATA$/.test(name));
    const text = metadata === undefined ? '' : await this.#read(metadata);
    const requirement = /^Requires-Dist: (nvidia-[^;]+);\s*extra == ["']and-cuda["']\s*$/gm;
    return [...text.matchAll(requirement)].map(([, package_]) => package_!.replace(/[\s()]/g, ''));
  }

  /** The headers that the addon's sources include, those that these include, and so on: a few of 13,000. */
  async #layHeaders(addon: string, include: string): Promise<void> {
    const sources = join(addon, 'binding');
    const waiting: string[] = [];
    for (const file of await readdir(sources)) {
      waiting.push(...includedFiles(await readFile(join(sources, file), 'utf8')));
    }
    const known = new Set<string>();
    for (let header = waiting.pop(); header !== undefined; header = waiting.pop()) {
      const name = `tensorflow/include/${header}`;
      // What the wheel does not have is the addon's own or the system's.
      if (known.has(header) || !this.#zip.has(name)) continue;
      known.add(header);
      await this.#extract(name, join(include, header));
      waiting.push(...includedFiles(await readFile(join(include, header), 'utf8')));
    }
    if (known.size === 0)
      throw new OperatorError(`${this.#path} holds none of the headers of TensorFlow's C API.`);
  }

  async #extract(name: string, target: string): Promise<void> {
    await mkdir(dirname(target), { recursive: true });
    await pipeline(await this.#zip.stream(name), createWriteStream(target));
  }

  async #read(name: string): Promise<string> {
    let text = '';
    for await (const chunk of this.#zip.text(name)) text += chunk;
    return text;
  }
}

function includedFiles(source: string): string[] {
  return [...source.matchAll(/^\s*#\s*include\s+["<]([^">]+)[">]/gm)].map(([, file]) => file!);
}
