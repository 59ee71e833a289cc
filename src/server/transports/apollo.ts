import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Logger } from '../../core/logger.ts';
import type { ErrorFormatter } from '../format-error.ts';
import { checkOperation, type OperationLimits } from '../operation-limits.ts';
import type { OperationContext } from '../operations.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  readonly formatError: ErrorFormatter;
  readonly logger: Logger;
}

/** Apollo Server for queries and mutations over HTTP. It reports to nobody and reads no file. */
export function createApollo({
  schema,
  limits,
  formatError,
  logger,
}: ApolloOptions): ApolloServer<OperationContext> {
  return new ApolloServer<OperationContext>({
    schema,
    logger: {
      debug: (message) => logger.debug({}, String(message)),
      info: (message) => logger.info({}, String(message)),
      warn: (message) => logger.warn({}, String(message)),
      error: (message) => logger.error({}, String(message)),
    },
    formatError: (_formatted, error) => formatError(error),
    parseOptions: { maxTokens: limits.tokens },
    allowBatchedHttpRequests: true,
    introspection: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [
      limitOperations(limits),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

function limitOperations(limits: OperationLimits): ApolloServerPlugin<OperationContext> {
  const badRequest = { http: { status: 400 } };
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request: { operationName, variables } }) {
          try {
            checkOperation({ schema, document, operationName, variables }, limits);
          } catch (error) {
            const originalError = error as Error;
            throw new GraphQLError(originalError.message, { originalError, extensions: badRequest });
          }
          if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
          throw new GraphQLError(
            'Subscriptions need a connection that stays open: use WebSocket (graphql-transport-ws) at /graphql, or ' +
              'server-sent events at /graphql/stream.',
            { extensions: { ...badRequest, code: ApolloServerErrorCode.BAD_REQUEST } },
          );
        },
      };
    },
  };
}
