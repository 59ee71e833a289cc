import {
  type ExecutionArgs,
  GraphQLFloat,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLSchema,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
} from 'graphql';

/** The scalar that takes any value as it is. */
const anyValue = 'JSON';

/** Gives a value as its type has it, or throws `unfit`. */
type Coerce = (value: unknown) => unknown;
const unfit = Symbol('unfit');

/** One operation whose variables have been coerced: the same but that it takes them as they are. */
interface Prepared {
  readonly document: ExecutionArgs['document'];
  readonly variables: readonly {
    readonly name: string;
    readonly coerce: Coerce;
    /** In a function: coercion may hand out parts of it. */
    readonly defaultValue: (() => unknown) | null;
    readonly isRequired: boolean;
  }[];
}

/**
 * Coerces the variables of operations as graphql-js does, which makes an object of the path of each item and so takes
 * most of the time of a report of lists. Values that do not fit are left to graphql-js and its messages.
 */
export class VariableCoercion {
  readonly #schema: GraphQLSchema;
  readonly #coercers = new WeakMap<GraphQLInputType, Coerce>();
  readonly #prepared = new WeakMap<OperationDefinitionNode, Prepared | null>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Arguments of `execute` that have the same result as `args`. */
  coerced(args: ExecutionArgs): ExecutionArgs {
    const operation = getOperationAST(args.document, args.operationName);
    if (!operation?.variableDefinitions?.length) return args;
    let prepared = this.#prepared.get(operation);
    if (prepared === undefined) {
      prepared = this.#prepare(args.document, operation);
      this.#prepared.set(operation, prepared);
    }
    if (prepared === null) return args;
    try {
      const variableValues = coerceAll(prepared, args.variableValues ?? {});
      return { ...args, document: prepared.document, variableValues };
    } catch (error) {
      if (error === unfit) return args;
      throw error;
    }
  }

  #prepare(document: ExecutionArgs['document'], operation: OperationDefinitionNode): Prepared | null {
    if (this.#schema.getType(anyValue) === undefined) return null;
    const definitions = operation.variableDefinitions ?? [];
    const variables = [];
    for (const definition of definitions) {
      const type = typeFromAST(this.#schema, definition.type as never);
      if (!isInputType(type)) return null;
      const { defaultValue } = definition;
      variables.push({
        name: definition.variable.name.value,
        coerce: this.#coercerOf(type),
        defaultValue: defaultValue === undefined ? null : () => valueFromAST(defaultValue, type),
        isRequired: isNonNullType(type),
      });
    }
    const untyped = {
      ...operation,
      variableDefinitions: definitions.map(({ kind, variable }) => ({
        kind,
        variable,
        type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: anyValue } } as const,
      })),
    };
    return {
      document: {
        ...document,
        definitions: document.definitions.map((node) => (node === operation ? untyped : node)),
      },
      variables,
    };
  }

  #coercerOf(type: GraphQLInputType): Coerce {
    let coerce = this.#coercers.get(type);
    if (coerce === undefined) {
      coerce = this.#createCoercer(type);
      this.#coercers.set(type, coerce);
    }
    return coerce;
  }

  #createCoercer(type: GraphQLInputType): Coerce {
    if (isNonNullType(type)) {
      const coerce = this.#coercerOf(type.ofType);
      return (value) => (value == null ? refuse() : coerce(value));
    }
    if (isListType(type)) return nullOr(this.#listCoercer(type.ofType));
    if (isInputObjectType(type)) return nullOr(this.#objectCoercer(type));
    return nullOr((value) => {
      let parsed: unknown;
      try {
        parsed = type.parseValue(value);
      } catch {
        return refuse();
      }
      return parsed === undefined ? refuse() : parsed;
    });
  }

  #listCoercer(itemType: GraphQLInputType): Coerce {
    const isNullable = !isNonNullType(itemType);
    const named = isNullable ? itemType : itemType.ofType;
    if (named === GraphQLInt) return numberList(isInt32, isNullable);
    if (named === GraphQLFloat) return numberList(Number.isFinite, isNullable);
    const coerce = this.#coercerOf(itemType);
    return (value) => (Array.isArray(value) ? value.map((item) => coerce(item)) : refuse());
  }

  #objectCoercer(type: GraphQLInputObjectType): Coerce {
    // At the first value: types may hold themselves.
    let fields: Map<string, Coerce> | undefined;
    const definitions = type.getFields();
    return (value) => {
      if (type.isOneOf || typeof value !== 'object' || Array.isArray(value)) return refuse();
      fields ??= new Map(
        Object.values(definitions).map((field) => [field.name, this.#coercerOf(field.type)]),
      );
      const given = value as Record<string, unknown>;
      const coerced: Record<string, unknown> = {};
      for (const [name, coerce] of fields) {
        const { defaultValue, type: fieldType } = definitions[name]!;
        if (given[name] !== undefined) coerced[name] = coerce(given[name]);
        else if (defaultValue !== undefined) coerced[name] = defaultValue;
        else if (isNonNullType(fieldType)) return refuse();
      }
      for (const name of Object.keys(given)) if (!fields.has(name)) return refuse();
      return coerced;
    };
  }
}

function coerceAll({ variables }: Prepared, given: Readonly<Record<string, unknown>>) {
  const coerced: Record<string, unknown> = {};
  for (const { name, coerce, defaultValue, isRequired } of variables) {
    if (Object.hasOwn(given, name)) coerced[name] = coerce(given[name]);
    else if (defaultValue !== null) coerced[name] = defaultValue();
    else if (isRequired) return refuse();
  }
  return coerced;
}

function nullOr(coerce: Coerce): Coerce {
  return (value) => (value == null ? null : coerce(value));
}

/** The list itself: nothing but numbers in it needs a copy. */
function numberList(isNumber: (value: unknown) => boolean, isNullable: boolean): Coerce {
  return (value) => {
    if (!Array.isArray(value)) return refuse();
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (!isNumber(item) && !(isNullable && item === null)) return refuse();
    }
    return value;
  };
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && (value | 0) === value;
}

function refuse(): never {
  throw unfit;
}
