import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { CallerError } from '../../core/errors.ts';
import type { OperationRequest } from '../operations.ts';

const operation = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Reads the operation of a request for server-sent events: the body of a POST, or the search parameters of a GET, which
 * may not change anything.
 * @throws CallerError BAD_USER_INPUT
 */
export function readOperationRequest(request: FastifyRequest): OperationRequest {
  // Pictures and forms of other sites' pages can send a request, but not with this header.
  if (!(request.headers.accept ?? '').includes('text/event-stream')) {
    throw new CallerError(
      'BAD_USER_INPUT',
      'Send "Accept: text/event-stream"; without a stream, use /graphql.',
    );
  }
  const isGet = request.method === 'GET';
  const parsed = operation.safeParse(isGet ? fromSearch(request.query) : request.body);
  if (parsed.success) return { ...parsed.data, isReadOnly: isGet };
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
  const expected = '{"query": "...", "operationName": "...", "variables": {...}}';
  throw new CallerError('BAD_USER_INPUT', `Send ${expected}. ${faults.join('. ')}.`);
}

function fromSearch(search: unknown): unknown {
  const { variables, ...rest } = search as Record<string, unknown>;
  if (typeof variables !== 'string') return rest;
  try {
    return { ...rest, variables: JSON.parse(variables) as unknown };
  } catch {
    throw new CallerError('BAD_USER_INPUT', 'The search parameter "variables" is not JSON.');
  }
}
