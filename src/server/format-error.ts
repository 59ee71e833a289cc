import { randomUUID } from 'node:crypto';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
} from 'graphql';
import { CallerError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { isOutage, unavailable } from '../storage/outage.ts';
import { tooLarge } from './operation-limits.ts';

/** Turns whatever was thrown into what a client may see. */
export type ErrorFormatter = (error: unknown) => GraphQLFormattedError;

/**
 * The one formatter for HTTP, WebSocket and SSE. A caller's fault keeps its message and code; anything unexpected is
 * logged under an id, and the client sees the id alone.
 */
export function createErrorFormatter(logger: Logger): ErrorFormatter {
  return (error) => {
    const { locations, path } = error instanceof GraphQLError ? error.toJSON() : {};
    const place = { ...(locations && { locations }), ...(path && { path }) };
    const fault = tokenFault(error) ?? callerErrorIn(error);
    if (fault) {
      const message = isVariableError(error) ? error.message : fault.message;
      return { message, ...place, extensions: { ...fault.details, code: fault.code } };
    }
    const code = clientCode(error);
    if (code !== undefined)
      return { message: (error as GraphQLError).message, ...place, extensions: { code } };

    const id = randomUUID();
    logger.error({ err: rootOf(error), errorId: id, path }, 'Unexpected error in an operation');
    return {
      message: `Something went wrong in the server; its log tells more under the id ${id}.`,
      ...place,
      extensions: { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR, id },
    };
  };
}

/** What graphql-js and graphql-ws call a result. */
type Result = { readonly [Key in keyof ExecutionResult]: ExecutionResult[Key] | undefined };

/** A result as it is sent. */
export function formatResult(
  { errors, ...rest }: Result,
  formatError: ErrorFormatter,
): FormattedExecutionResult {
  return { ...(errors && { errors: errors.map(formatError) }), ...rest } as FormattedExecutionResult;
}

/** The code of an error of GraphQL itself whose message is made for clients. */
function clientCode(error: unknown): string | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  const code = error.extensions.code;
  if (typeof code === 'string')
    return code === ApolloServerErrorCode.INTERNAL_SERVER_ERROR ? undefined : code;
  return isVariableError(error) ? ApolloServerErrorCode.BAD_USER_INPUT : undefined;
}

/**
 * Whether a variable has a value that its type does not allow; such messages name the variable and the place in it. The
 * last of many says that there are more.
 */
function isVariableError(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError) || error.path) return false;
  return (
    error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION ||
    error.message.startsWith('Too many errors processing variables')
  );
}

/** graphql-js gives no code to the error of `maxTokens`, only this message. */
function tokenFault(error: unknown): CallerError | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  const allowed = /Document contains more tha[tn] (\d+) tokens/.exec(error.message)?.[1];
  return allowed === undefined
    ? undefined
    : tooLarge('tokens', 'The document has too many tokens', Number(allowed));
}

function callerErrorIn(error: unknown): CallerError | undefined {
  const root = rootOf(error);
  if (isOutage(root)) return unavailable();
  return root instanceof CallerError ? root : undefined;
}

/** What was thrown first, below what graphql-js put around it. */
function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error;
}
