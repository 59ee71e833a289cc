import type { FastifyRequest } from 'fastify';
import { type ErrorFormatter, formatResult } from '../format-error.ts';
import type { OperationRequest, Operations } from '../operations.ts';

/** The type of the answer by what a client accepts, as Apollo Server would choose it. */
const contentTypes = new Map<string | undefined, string>([
  ...[undefined, '*/*', 'application/json'].map(
    (accept) => [accept, 'application/json; charset=utf-8'] as const,
  ),
  // What our own client sends.
  ['application/graphql-response+json, application/json', 'application/graphql-response+json; charset=utf-8'],
]);

export interface Answer {
  readonly contentType: string;
  readonly json: string;
}

/**
 * Answers a POST of one query or mutation that Apollo Server has read before, as Apollo would, by running it at once:
 * what Apollo does around the run takes several times as long as a small report. All else is Apollo's: every
 * document's first time, batches, extensions, and whatever is refused before it runs.
 */
export class PlainPosts {
  readonly #operations: Operations;
  readonly #formatError: ErrorFormatter;

  constructor(operations: Operations, formatError: ErrorFormatter) {
    this.#operations = operations;
    this.#formatError = formatError;
  }

  /** Null where nothing was run and Apollo has to answer. */
  async answer({ method, headers, body, viewer }: FastifyRequest): Promise<Answer | null> {
    const contentType = contentTypes.get(headers.accept);
    if (method !== 'POST' || contentType === undefined || !isPlain(body)) return null;
    const result = await this.#operations.executeKnown(body, viewer!);
    return result && { contentType, json: JSON.stringify(formatResult(result, this.#formatError)) };
  }
}

function isPlain(body: unknown): body is OperationRequest {
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
