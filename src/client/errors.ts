/** Why the server refused: its `extensions.code`. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'TOO_LARGE'
  | 'TOO_BUSY'
  | 'UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'
  | (string & {});

/** One entry of a response's `errors`. */
export interface ResponseError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The server's answer to an operation was an error; the message says what to do about it. */
export class TrialgraphError extends Error {
  override readonly name = 'TrialgraphError';
  readonly code: ErrorCode;
  /** Data for programs, such as `faults` with the path of each. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  /** Of several errors, all messages, and the first one's code and details. */
  static from(errors: readonly ResponseError[]): TrialgraphError {
    const { code, ...details } = errors[0]?.extensions ?? {};
    const message = errors.map((error) => error.message).join('\n');
    return new TrialgraphError(typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR', message, details);
  }
}

/** The server could not be reached, did not answer in time, or something else than it answered. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  /** The HTTP status, where there was an answer. */
  readonly status: number | null;

  constructor(message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status ?? null;
  }
}

/** Whether the same operation may succeed a little later, because it has not reached a server that is ready for it. */
export function isOutage(error: unknown): boolean {
  if (error instanceof TrialgraphError) return error.code === 'TOO_BUSY' || error.code === 'UNAVAILABLE';
  if (!(error instanceof NetworkError)) return false;
  return error.status === null || error.status >= 500 || error.status === 408 || error.status === 429;
}

/** An outage, or a fault inside the server that may be gone at the next try. */
export function isPassing(error: unknown): boolean {
  return isOutage(error) || (error instanceof TrialgraphError && error.code === 'INTERNAL_SERVER_ERROR');
}
