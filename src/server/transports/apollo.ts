import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Logger } from '../../core/logger.ts';
import type { ErrorFormatter } from '../format-error.ts';
import type { KnownDocuments } from '../known-documents.ts';
import { checkOperation, type OperationLimits } from '../operation-limits.ts';
import type { OperationContext } from '../operations.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  readonly formatError: ErrorFormatter;
  /** Takes the documents that Apollo has found to be valid. */
  readonly documents: KnownDocuments;
  readonly logger: Logger;
}

/** Apollo Server for queries and mutations over HTTP. It reports to nobody and reads no file. */
export function createApollo({
  schema,
  limits,
  formatError,
  documents,
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
    stringifyResult: (result) => JSON.stringify(result),
    stopOnTerminationSignals: false,
    plugins: [
      limitOperations(limits, documents),
      // It would put a function around every resolver, only to find that no answer may be cached.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

function limitOperations(
  limits: OperationLimits,
  documents: KnownDocuments,
): ApolloServerPlugin<OperationContext> {
  const badRequest = { http: { status: 400 } };
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, source, document, operation, request }) {
          documents.remember(source, document);
          const { operationName, variables } = request;
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
