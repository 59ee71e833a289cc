import { NetworkError, type ResponseError, TrialgraphError } from './errors.ts';
import type { TypedDocument } from './typed-document.ts';

export interface HttpOptions {
  /** Where GraphQL is served over HTTP. */
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** How long one request may take. */
  readonly timeoutMs: number;
}

/** Sends operations to the server, each as one request. */
export class HttpTransport {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /**
   * @throws TrialgraphError what the server answered
   * @throws NetworkError when there was no answer, or none of GraphQL
   */
  async execute<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result> {
    const body = JSON.stringify({ query: document.toString(), variables });
    const { status, text } = await this.#post(body, signal);
    const answer = parseAnswer(text);
    if (answer?.errors !== undefined && answer.errors.length > 0) throw TrialgraphError.from(answer.errors);
    if (status >= 400 || answer?.data == null) {
      throw new NetworkError(`${this.#options.url} answered ${status}: ${excerpt(text)}`, { status });
    }
    return answer.data as Result;
  }

  /**
   * Sends a request for a path of the server, such as `/artifacts/trial-1/model.json`. Files take their time: only the
   * signal ends it.
   * @throws TrialgraphError what the server answered
   * @throws NetworkError when it could not be reached
   */
  async request(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    const { token, fetch } = this.#options;
    const url = new URL(this.#options.url.replace(/\/graphql$/, path));
    let response: Response;
    try {
      response = await fetch(url, {
        ...init,
        headers: { ...init.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw unreachable(url.href, error);
    }
    if (response.ok) return response;
    const text = await response.text();
    const errors = parseAnswer(text)?.errors;
    if (errors !== undefined && errors.length > 0) throw TrialgraphError.from(errors);
    throw new NetworkError(`${url} answered ${response.status}: ${excerpt(text)}`, {
      status: response.status,
    });
  }

  async #post(body: string, signal?: AbortSignal): Promise<{ status: number; text: string }> {
    const { url, token, fetch, timeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (timeout.aborted) throw new NetworkError(`${url} did not answer within ${timeoutMs} ms.`);
      throw unreachable(url, error);
    }
  }
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly ResponseError[];
}

function parseAnswer(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}

function unreachable(url: string, cause: unknown): NetworkError {
  return new NetworkError(`${url} could not be reached (${reasonOf(cause)}). Is the server running?`, {
    cause,
  });
}

/** Node's fetch keeps what happened in the cause of a mere "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: inner } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? (inner || message);
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}...` : line || 'nothing';
}
