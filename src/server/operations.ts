import { setImmediate } from 'node:timers/promises';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import type { Delivery, Outlet } from '../events/delivery.ts';
import { FollowedLog } from '../events/followed-log.ts';
import { SharedStreams } from '../events/shared-streams.ts';
import type { Viewer } from '../graphql/context.ts';
import { type ErrorFormatter, formatResult } from './format-error.ts';
import type { KnownDocuments } from './known-documents.ts';
import { checkOperation, type OperationLimits } from './operation-limits.ts';
import { sharingKey } from './sharing-key.ts';
import { VariableCoercion } from './variable-coercion.ts';

/** What every operation's context holds at least. */
export interface OperationContext {
  readonly viewer: Viewer;
}

/** Makes the context of one operation. */
export type CreateContext<Context extends OperationContext = OperationContext> = (
  base: OperationContext,
) => Context;

export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
  /** Whether mutations are refused. */
  readonly isReadOnly?: boolean;
}

export interface OperationsOptions {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  readonly createContext: CreateContext;
  readonly formatError: ErrorFormatter;
  readonly documents: KnownDocuments;
}

/**
 * Runs operations by the rules that Apollo Server keeps over HTTP: those of WebSocket and SSE clients, which it does not
 * see, and those over HTTP that it need not read again.
 */
export class Operations {
  readonly #options: OperationsOptions;
  readonly #variables: VariableCoercion;
  readonly #sharedStreams = new SharedStreams();

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#variables = new VariableCoercion(options.schema);
  }

  /** All that `execute` and `subscribe` need, or why the operation is refused. Never throws. */
  prepare(request: OperationRequest, viewer: Viewer): ExecutionArgs | readonly GraphQLError[] {
    const { schema, limits, createContext } = this.#options;
    try {
      const document = this.#read(request.query);
      if (Array.isArray(document)) return document;
      const { operationName, variables } = request;
      const operation = getOperationAST(document, operationName);
      if (!operation) throw unknownOperation(operationName);
      if (request.isReadOnly && operation.operation === OperationTypeNode.MUTATION) {
        throw withCode(new GraphQLError('Send mutations by POST.'), ApolloServerErrorCode.BAD_REQUEST);
      }
      checkOperation({ schema, document, operationName, variables }, limits);
      const contextValue = createContext({ viewer });
      return {
        schema,
        document,
        operationName: operationName ?? null,
        variableValues: variables ?? null,
        contextValue,
      };
    } catch (error) {
      return [asGraphQLError(error)];
    }
  }

  /** Runs a query or mutation. Never throws. */
  async execute(args: ExecutionArgs): Promise<ExecutionResult> {
    try {
      return await execute(this.#variables.coerced(args));
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    }
  }

  /**
   * Runs a query or mutation whose document is known. Never throws.
   * @returns null where nothing was run: the document is new, or the operation is refused or is a subscription
   */
  async executeKnown(request: OperationRequest, viewer: Viewer): Promise<ExecutionResult | null> {
    const document = this.#options.documents.find(request.query);
    if (document === undefined || isSubscription(document, request.operationName)) return null;
    const prepared = this.prepare(request, viewer);
    if (!('schema' in prepared)) return null;
    const result = await this.execute(prepared);
    return result.data === undefined ? null : result;
  }

  /**
   * Starts a subscription, or tells why it cannot. Never throws. Each event is executed once for all equal subscriptions
   * of equal viewers, if the resolver gives a FollowedLog.
   */
  async subscribe(args: ExecutionArgs): Promise<Delivery | ExecutionResult> {
    const { formatError } = this.#options;
    const toJson = async (event: unknown): Promise<Buffer> =>
      Buffer.from(JSON.stringify(formatResult(await execute({ ...args, rootValue: event }), formatError)));
    try {
      const events = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in events)) return events;
      if (events instanceof FollowedLog) return this.#sharedStreams.join(sharingKey(args), events, toJson);
      return unshared(events, toJson);
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    }
  }

  #read(query: string): DocumentNode | GraphQLError[] {
    const { schema, limits, documents } = this.#options;
    const known = documents.find(query);
    if (known) return known;
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: limits.tokens });
    } catch (error) {
      throw withCode(asGraphQLError(error), ApolloServerErrorCode.GRAPHQL_PARSE_FAILED);
    }
    const errors = validate(schema, document);
    if (errors.length > 0) {
      return errors.map((error) => withCode(error, ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED));
    }
    documents.remember(query, document);
    return document;
  }
}

function isSubscription(document: DocumentNode, name: string | null | undefined): boolean {
  return getOperationAST(document, name)?.operation === OperationTypeNode.SUBSCRIPTION;
}

export function isDelivery(result: Delivery | ExecutionResult): result is Delivery {
  return 'sendTo' in result;
}

function unshared(source: AsyncIterable<unknown>, toJson: (event: unknown) => Promise<Buffer>): Delivery {
  const events = source[Symbol.asyncIterator]();
  let isStopped = false;
  const stop = (): void => {
    if (isStopped) return;
    isStopped = true;
    void events.return?.();
  };
  return {
    stop,
    async sendTo(outlet: Outlet) {
      try {
        while (!isStopped) {
          if (!outlet.isReady) await outlet.untilReady();
          const { done, value } = await events.next();
          if (done === true) break;
          const json = await toJson(value);
          if (isStopped) break;
          outlet.send(json);
          // A source whose events are always at hand would else never let anybody else in.
          await setImmediate();
        }
      } finally {
        stop();
      }
    },
  };
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions.code = code;
  return error;
}

function unknownOperation(name: string | null | undefined): GraphQLError {
  const message = name
    ? `The document has no operation with the name "${name}".`
    : 'The document has several operations or none; name one of them in operationName.';
  return withCode(new GraphQLError(message), ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE);
}

/** What was thrown, as graphql-js would put it. */
export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
