/** As of a program's output: a page of text a second for some hours. */
const maxLength = 16 * 2 ** 20;
/** As in a report of lines through the API. */
const maxTextLength = 100_000;
/** A line takes the server about a microsecond, and what it cannot store at once waits there. */
const maxTextsPerSecond = 10_000;

/** Holds what an attempt logs to what a server takes beside its other work. What is left out is counted in the log. */
export class LogAllowance {
  #length = 0;
  #second = Number.NEGATIVE_INFINITY;
  #texts = 0;
  #leftOut = 0;

  /**
   * @param now in milliseconds of a clock that does not go back
   * @returns what to log in its place: it, a part of it with a word about the rest, or nothing
   */
  admit(text: string, now: number): string[] {
    if (this.#length > maxLength) return [];
    const admitted: string[] = [];
    if (now - this.#second >= 1000) {
      admitted.push(...this.end());
      this.#second = now;
      this.#texts = 0;
      this.#leftOut = 0;
    }
    if (++this.#texts > maxTextsPerSecond) {
      this.#leftOut++;
      return admitted;
    }
    const cut = text.length > maxTextLength ? shortened(text) : text;
    this.#length += cut.length + 1;
    admitted.push(this.#length > maxLength ? '... more than 16 MiB: the rest of this log is not kept.' : cut);
    return admitted;
  }

  /** A word about what was left out last, for the end of the log. */
  end(): string[] {
    return this.#leftOut > 0 ? [`... ${this.#leftOut} more, faster than they can be stored`] : [];
  }
}

function shortened(text: string): string {
  return `${text.slice(0, maxTextLength)} ... ${text.length - maxTextLength} more characters are not kept.`;
}
