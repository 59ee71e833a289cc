import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import type * as z from 'zod';
import { InputError } from '../../core/errors.ts';

const maxEntries = 1_000_000;

/** The files of a zip archive, by name. */
export class ZipReader {
  readonly #zip: ZipFile;
  readonly #entries = new Map<string, Entry>();

  private constructor(zip: ZipFile) {
    this.#zip = zip;
  }

  /** @throws InputError for what is no zip archive */
  static async open(path: string): Promise<ZipReader> {
    try {
      const reader = new ZipReader(await openPromise(path, { autoClose: false, lazyEntries: true }));
      for await (const entry of reader.#zip.eachEntry()) {
        reader.#entries.set(entry.fileName, entry);
        if (reader.#entries.size > maxEntries) throw new Error(`it has more than ${maxEntries} files`);
      }
      return reader;
    } catch (error) {
      throw InputError.at('archive', `is no zip archive that can be read: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.#zip.close();
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws InputError where there is no such file */
  async stream(name: string): Promise<Readable> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw InputError.at(name, 'is missing in the archive; export the study again.');
    return this.#zip.openReadStreamPromise(entry);
  }

  async *text(name: string): AsyncGenerator<string, void> {
    const stream = await this.stream(name);
    stream.setEncoding('utf8');
    for await (const chunk of stream) yield chunk as string;
  }

  /**
   * The rows of a file with a JSON value a line.
   * @throws InputError with the line of one that is not what it should be
   */
  async *rows<T extends z.ZodType>(name: string, schema: T): AsyncGenerator<z.output<T>, void> {
    const lines = createInterface({ input: await this.stream(name), crlfDelay: Number.POSITIVE_INFINITY });
    let number = 0;
    for await (const line of lines) {
      number += 1;
      if (line !== '') yield parseRow(line, schema, `${name}:${number}`);
    }
  }
}

/** @throws InputError at `path` */
export function parseRow<T extends z.ZodType>(text: string, schema: T, path: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw InputError.at(path, `is no JSON: ${(error as Error).message}`);
  }
  return checkRow(value, schema, path);
}

/** @throws InputError at `path` */
export function checkRow<T extends z.ZodType>(value: unknown, schema: T, path: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw InputError.at(path, `${issue!.path.join('.') || 'the row'}: ${issue!.message}`);
}
