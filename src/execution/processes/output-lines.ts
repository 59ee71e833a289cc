import type { Readable } from 'node:stream';

/** What is made of a program's output. */
export interface OutputListener {
  /** A line, or a part of one that is very long or does not go on, for people to read. */
  onText(text: string): void;
  /** A whole line, however long it took to come; one that is longer than 64 KiB never comes. */
  onLine?(line: string): void;
}

/** A line that does not go on for so long is shown as far as it has come. */
const silenceMs = 2000;
/** Progress bars overwrite their line (\r) many times a second; it is shown once in so long. */
const overwriteMs = 1000;
const maxPieceLength = 8192;
const maxLineLength = 65_536;
/** What is shown of one stream; lines beyond are still read. A page of text a second for some hours. */
const maxShownLength = 16 * 2 ** 20;
/** What is read in a turn: a program that writes faster waits, and does not take the server's time. */
const bytesPerTurn = 2 ** 20;
const turnMs = 100;

/** Cuts the output of a program into lines as it comes, whatever it is: bytes that are no UTF-8 become U+FFFD. */
export function readOutput(stream: Readable, listener: OutputListener): void {
  const lines = new OutputLines(listener);
  const decoder = new TextDecoder();
  let bytes = 0;
  let turn = performance.now();
  stream.on('data', (chunk: Buffer) => {
    lines.push(decoder.decode(chunk, { stream: true }));
    const now = performance.now();
    if (now - turn >= turnMs) {
      turn = now;
      bytes = 0;
    }
    bytes += chunk.length;
    if (bytes < bytesPerTurn) return;
    stream.pause();
    setTimeout(() => stream.resume(), turnMs);
  });
  stream.on('close', () => lines.end());
  // It ends, and that is all there is to know.
  stream.on('error', () => {});
}

class OutputLines {
  readonly #listener: OutputListener;
  /** The line so far. */
  #line = '';
  /** How much of it has been shown. */
  #shown = 0;
  #isTooLong = false;
  #heldBack = '';
  #shownLength = 0;
  #overwrittenAt = Number.NEGATIVE_INFINITY;
  #silence: NodeJS.Timeout | undefined;

  constructor(listener: OutputListener) {
    this.#listener = listener;
  }

  push(chunk: string): void {
    clearTimeout(this.#silence);
    // Whether a \r at the end belongs to a \r\n only the next chunk tells.
    const whole = this.#heldBack + chunk;
    this.#heldBack = whole.endsWith('\r') ? '\r' : '';
    const text = whole.slice(0, whole.length - this.#heldBack.length);
    let start = 0;
    for (const { index, 0: sign } of text.matchAll(/\r\n|\n|\r/g)) {
      this.#append(text.slice(start, index));
      this.#finish(sign === '\r');
      start = index + sign.length;
    }
    this.#append(text.slice(start));
    if (this.#line.length > this.#shown || this.#heldBack !== '') {
      this.#silence = setTimeout(() => this.#onSilence(), silenceMs).unref();
    }
  }

  end(): void {
    clearTimeout(this.#silence);
    if (this.#line.length > 0 || this.#isTooLong || this.#heldBack !== '') this.#finish(false);
  }

  #append(text: string): void {
    this.#line += text;
    while (this.#line.length - this.#shown > maxPieceLength) {
      // Not within a surrogate pair.
      const end = this.#shown + maxPieceLength;
      const cut = /[\udc00-\udfff]/.test(this.#line[end]!) ? end - 1 : end;
      this.#show(this.#line.slice(this.#shown, cut));
      this.#shown = cut;
    }
    if (this.#line.length <= maxLineLength) return;
    this.#isTooLong = true;
    this.#line = this.#line.slice(this.#shown);
    this.#shown = 0;
  }

  #finish(isOverwritten: boolean): void {
    const now = performance.now();
    if (!isOverwritten || now - this.#overwrittenAt >= overwriteMs) {
      if (isOverwritten) this.#overwrittenAt = now;
      // What was shown piece by piece has no rest; an empty line is shown as one.
      if (this.#line.length > this.#shown || (this.#shown === 0 && !this.#isTooLong)) this.#showRest();
    }
    const line = this.#line;
    const isWhole = !this.#isTooLong;
    this.#line = '';
    this.#shown = 0;
    this.#isTooLong = false;
    if (isWhole) this.#listener.onLine?.(line);
  }

  #onSilence(): void {
    if (this.#line.length > this.#shown) this.#showRest();
  }

  #showRest(): void {
    this.#show(this.#line.slice(this.#shown));
    this.#shown = this.#line.length;
  }

  #show(text: string): void {
    if (this.#shownLength > maxShownLength) return;
    this.#shownLength += text.length + 1;
    this.#listener.onText(
      this.#shownLength > maxShownLength
        ? '... more than 16 MiB: the rest of this output is not kept.'
        : text,
    );
  }
}
