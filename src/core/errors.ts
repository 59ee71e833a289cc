/** The codes a client sees in `extensions.code`; each says whose turn it is to act. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'TOO_LARGE'
  | 'TOO_BUSY'
  | 'UNAVAILABLE'
  | 'INSUFFICIENT_STORAGE';

/**
 * A caller's fault, told so that the caller can mend it.
 * Outcomes (a pruned or infeasible trial) are values and never thrown.
 */
export class CallerError extends Error {
  override readonly name: string = 'CallerError';
  readonly code: ErrorCode;
  /** Data for programs, sent as `extensions` beside the code. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/**
 * What only the operator of this machine can mend: a taken port, a wrong setting, a database that cannot be used.
 * The message says what is wrong and what to do, so it is shown without a stack.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}

/** One fault of an input: where it is and what to do about it. */
export interface InputFault {
  /** A path into the input, such as `searchSpace.learningRate.low`. */
  readonly path: string;
  readonly message: string;
}

/** Input that cannot be accepted; carries every fault found, not only the first. */
export class InputError extends CallerError {
  override readonly name = 'InputError';
  readonly faults: readonly InputFault[];

  /** By shape: an operator's module may throw that of another copy of this one. */
  static override [Symbol.hasInstance](value: unknown): value is InputError {
    return value instanceof Error && value.name === 'InputError' && 'faults' in value;
  }

  constructor(faults: readonly InputFault[]) {
    super('BAD_USER_INPUT', faults.map((fault) => `${fault.path}: ${fault.message}`).join('\n'), { faults });
    this.faults = faults;
  }

  static at(path: string, message: string): InputError {
    return new InputError([{ path, message }]);
  }
}

/** Collects faults while reading an input, to report them all at once. */
export class FaultList {
  readonly #faults: InputFault[] = [];

  add(path: string, message: string): void {
    this.#faults.push({ path, message });
  }

  /** What `read` returns; undefined where it throws an InputError, whose faults join this list. */
  collect<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#faults.push(...error.faults);
      return undefined;
    }
  }

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  get count(): number {
    return this.#faults.length;
  }

  throwIfAny(): void {
    if (this.#faults.length > 0) throw new InputError(this.#faults);
  }
}

export function notFound(kind: string, id: string | number): CallerError {
  return new CallerError('NOT_FOUND', `There is no ${kind} with the id ${id}.`, { kind, id });
}

export function conflict(message: string, details: Record<string, unknown> = {}): CallerError {
  return new CallerError('CONFLICT', message, details);
}
