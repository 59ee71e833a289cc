import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { FastifyError, FastifyInstance } from 'fastify';
import { CallerError, type ErrorCode } from '../core/errors.ts';
import { isOutage, unavailable } from '../storage/outage.ts';
import { asksForPage } from './asks-for-page.ts';
import { sendDashboard } from './dashboard.ts';
import type { ErrorFormatter } from './format-error.ts';
import { tooLarge } from './operation-limits.ts';

const statusOf: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  TOO_BUSY: 503,
  UNAVAILABLE: 503,
  INSUFFICIENT_STORAGE: 507,
};

/**
 * Makes the server answer what fails before GraphQL sees it in GraphQL's form: `{"errors": [...]}`. Browsers that look
 * for a page get the dashboard.
 */
export function answerErrors(
  server: FastifyInstance,
  options: { readonly formatError: ErrorFormatter; readonly bodyBytes: number },
): void {
  server.setErrorHandler<FastifyError | CallerError>((thrown, _request, reply) => {
    const error = asCallerError(thrown, options.bodyBytes);
    if (error instanceof CallerError) {
      if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
      return reply.code(statusOf[error.code]).send({ errors: [options.formatError(error)] });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) return reply.code(status).send({ errors: [options.formatError(error)] });
    const extensions = { code: ApolloServerErrorCode.BAD_REQUEST };
    return reply.code(status).send({ errors: [{ message: error.message, extensions }] });
  });
  server.setNotFoundHandler((request, reply) => {
    // Only the dashboard's script knows its addresses; it says so where it has no page for one.
    if (asksForPage(request)) return sendDashboard(reply);
    const path = request.url.split('?')[0];
    const message = `There is nothing at ${request.method} ${path}. GraphQL is at /graphql.`;
    return reply.code(404).send({ errors: [{ message, extensions: { code: 'NOT_FOUND' } }] });
  });
}

function asCallerError(error: FastifyError | CallerError, bodyBytes: number): FastifyError | CallerError {
  if (isOutage(error)) return unavailable();
  if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return error;
  return tooLarge('bodyBytes', 'The request body has too many bytes', bodyBytes);
}
