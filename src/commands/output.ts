import type { WriteStream } from 'node:tty';
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/** Where a command writes what people read. */
export interface Output {
  readonly stream: WriteStream;
  readonly colors: Colors;
  say(line?: string): void;
}

export function createOutput(stream: WriteStream): Output {
  // A reader that has seen enough, such as head, is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    stream,
    colors: pc.createColors(stream.isTTY === true && pc.isColorSupported),
    say: (line = '') => void stream.write(`${line}\n`),
  };
}
