import { isAscii } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger as PinoLogger } from 'pino';
import type { Viewer } from '../../graphql/context.ts';
import { type Access, bearerToken } from '../access.ts';
import { type ErrorFormatter, formatResult } from '../format-error.ts';
import type { OperationRequest, Operations } from '../operations.ts';
import { limitRequestTime, type RequestTimes } from '../request-times.ts';

/** The type of the answer by what a client accepts, as Apollo Server would choose it. */
const answerTypes = new Map<string | undefined, string>([
  ...[undefined, '*/*', 'application/json'].map(
    (accept) => [accept, 'application/json; charset=utf-8'] as const,
  ),
  // What our own client sends.
  ['application/graphql-response+json, application/json', 'application/graphql-response+json; charset=utf-8'],
]);
const bodyTypes: readonly (string | undefined)[] = ['application/json', 'application/json; charset=utf-8'];
/**
 * Where one of these stands, a name may be one of JavaScript's own (__proto__, constructor), which Fastify looks for.
 * Their beginnings, which V8 finds as fast as memory is read, whereas for longer texts it goes through a body by a table.
 */
const doubtful = ['__p', '"const', '\\u'];

export interface PlainPostsOptions {
  readonly path: string;
  readonly bodyBytes: number;
  readonly requestTimes: RequestTimes;
  readonly access: Access;
  readonly operations: Operations;
  readonly formatError: ErrorFormatter;
  readonly logger: PinoLogger;
}

/**
 * Answers a POST of one query or mutation that Apollo Server has read before, as Apollo would, by running it at once:
 * what Fastify and Apollo do around the run takes several times as long as a small report. All else is left to them:
 * every document's first time, batches, extensions, and whatever is refused before it runs.
 */
export class PlainPosts {
  readonly #options: PlainPostsOptions;
  readonly #bodies = new WeakMap<IncomingMessage, Buffer>();
  #isClosed = false;

  constructor(options: PlainPostsOptions) {
    this.#options = options;
  }

  /** Answers what it can, and leaves the rest to `others`. */
  before(others: RequestListener): RequestListener {
    return (request, response) => {
      const viewer = this.#isPlain(request) ? this.#viewerOf(request) : null;
      if (viewer === null) return others(request, response);
      const start = performance.now();
      receive(request, this.#options.requestTimes, async (body) => {
        const json = await this.#run(body, viewer);
        if (json !== null) return this.#send(request, response, json, start);
        this.#bodies.set(request, body);
        others(request, response);
      });
    };
  }

  /** The body of a request that was left to others after it was read; nothing is left to read of it. */
  bodyOf(request: IncomingMessage): Buffer | undefined {
    return this.#bodies.get(request);
  }

  /** Leaves new requests to others, and ends the connections of those that are under way with their answers. */
  close(): void {
    this.#isClosed = true;
  }

  #isPlain({ method, url, headers }: IncomingMessage): boolean {
    const { path, bodyBytes } = this.#options;
    return (
      method === 'POST' &&
      url === path &&
      !this.#isClosed &&
      bodyTypes.includes(headers['content-type']) &&
      answerTypes.has(headers.accept) &&
      // Not so where there is no length.
      Number(headers['content-length']) <= bodyBytes
    );
  }

  /** Null where the request is refused, which is told by others. */
  #viewerOf({ headers }: IncomingMessage): Viewer | null {
    const { access } = this.#options;
    try {
      access.checkSender(headers);
      return access.admit(bearerToken(headers.authorization));
    } catch {
      return null;
    }
  }

  /** The answer; null where nothing was run. Never throws. */
  async #run(body: Buffer, viewer: Viewer): Promise<string | null> {
    const { operations, formatError } = this.#options;
    const request = parse(textOf(body));
    const result = request && (await operations.executeKnown(request, viewer));
    return result && JSON.stringify(formatResult(result, formatError));
  }

  #send({ headers }: IncomingMessage, response: ServerResponse, json: string, start: number): void {
    const { path, logger } = this.#options;
    response.writeHead(200, {
      ...(this.#isClosed && { connection: 'close' }),
      'cache-control': 'no-store',
      'content-type': answerTypes.get(headers.accept),
      'content-length': Buffer.byteLength(json),
    });
    response.end(json);
    if (logger.isLevelEnabled('debug')) {
      const ms = Math.round(performance.now() - start);
      logger.debug({ method: 'POST', path, status: 200, ms }, 'Request');
    }
  }
}

/** Hands over the body once it is whole; a client that goes away, or is too slow, gets no answer. */
function receive(
  request: IncomingMessage,
  times: RequestTimes,
  take: (body: Buffer) => void | Promise<void>,
): void {
  limitRequestTime(request, times);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => void take(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
}

/** Latin-1, which ASCII is, needs no decoding. */
function textOf(body: Buffer): string {
  return body.toString(isAscii(body) ? 'latin1' : 'utf8');
}

/** Null for what others should look at: no JSON, or no operation that stands alone. */
function parse(text: string): OperationRequest | null {
  if (doubtful.some((part) => text.includes(part))) return null;
  try {
    const body: unknown = JSON.parse(text);
    return isOperation(body) ? body : null;
  } catch {
    return null;
  }
}

function isOperation(body: unknown): body is OperationRequest {
  if (!isObject(body)) return false;
  const { query, operationName, variables, extensions } = body;
  return (
    typeof query === 'string' &&
    (operationName == null || typeof operationName === 'string') &&
    (variables == null || isObject(variables)) &&
    extensions == null
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
