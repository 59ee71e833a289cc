import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type TypeNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

const scalars: Readonly<Record<string, { readonly input: string; readonly output: string }>> = {
  ID: { input: 'string', output: 'string' },
  String: { input: 'string', output: 'string' },
  Int: { input: 'number', output: 'number' },
  Float: { input: 'number', output: 'number' },
  Boolean: { input: 'boolean', output: 'boolean' },
  DateTime: { input: 'string', output: 'string' },
  Cursor: { input: 'string', output: 'string' },
  Float64Array: { input: 'string', output: 'string' },
  Int32Array: { input: 'string', output: 'string' },
  JSON: { input: 'unknown', output: 'Json' },
};

/** JSON fields whose shape the schema's descriptions promise; src/client/json.ts defines these types. */
const jsonShapes: Readonly<Record<string, string>> = {
  'Trial.params': 'Params',
  'Trial.values': 'Values',
  'TrialColumns.params': 'Columns<JsonScalar>',
  'TrialColumns.values': 'Columns<number | null>',
  'TrialProgress.latest': 'Readonly<Record<string, number | null>>',
};

/** TypeScript's word for GraphQL's types; remembers which enums and inputs it has used. */
export class TypeWriter {
  readonly #schema: GraphQLSchema;
  readonly #used = new Map<string, GraphQLEnumType | GraphQLInputObjectType>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** An object type with the selected fields: `{ readonly id: string }`, or a fragment's name where that is all. */
  selection(set: SelectionSetNode, type: GraphQLObjectType): string {
    const spreads: string[] = [];
    const fields: string[] = [];
    for (const node of set.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) spreads.push(node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) {
        throw new Error(`${type.name}: inline fragments are not supported`);
      } else {
        const field = type.getFields()[node.name.value]!;
        const inner = () => this.selection(node.selectionSet!, objectType(field.type));
        const shape = jsonShapes[`${type.name}.${field.name}`];
        const written = this.#output(field.type, node.selectionSet ? inner() : shape);
        fields.push(`${doc(field.description)}readonly ${(node.alias ?? node.name).value}: ${written};`);
      }
    }
    if (fields.length > 0) spreads.push(`{\n${fields.join('\n')}\n}`);
    return spreads.join(' & ');
  }

  variables(definitions: readonly VariableDefinitionNode[]): string {
    const fields = definitions.map(({ variable, type: node, defaultValue }) => {
      const type = typeFromAST(this.#schema, node as TypeNode) as GraphQLInputType;
      return this.#inputField(variable.name.value, type, defaultValue !== undefined);
    });
    return fields.length === 0 ? 'Record<never, never>' : `{ ${fields.join(' ')} }`;
  }

  /** Declares the enums and inputs that were used so far, and what they use, by name. */
  declarations(): string[] {
    const declared = new Map<string, string>();
    while (declared.size < this.#used.size) {
      for (const [name, type] of [...this.#used]) {
        if (!declared.has(name)) declared.set(name, doc(type.description) + this.#declare(type));
      }
    }
    return [...declared].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  }

  #declare(type: GraphQLEnumType | GraphQLInputObjectType): string {
    if (isEnumType(type)) {
      const names = type.getValues().map((value) => `'${value.name}'`);
      return `export type ${type.name} = ${names.join(' | ')};`;
    }
    const fields = Object.values(type.getFields()).map(
      (field) =>
        doc(field.description) + this.#inputField(field.name, field.type, field.defaultValue !== undefined),
    );
    return `export interface ${type.name} {\n${fields.join('\n')}\n}`;
  }

  #inputField(name: string, type: GraphQLInputType, hasDefault: boolean): string {
    const isOptional = hasDefault || !isNonNullType(type);
    const written = this.#input(type);
    // JSON's `unknown` has room for null and undefined as it is.
    const optional = written === 'unknown' ? '' : ' | undefined';
    return `readonly ${name}${isOptional ? '?' : ''}: ${written}${isOptional ? optional : ''};`;
  }

  #input(type: GraphQLInputType): string {
    if (isNonNullType(type)) return this.#inputValue(type.ofType);
    const written = this.#inputValue(type);
    return written === 'unknown' ? written : `${written} | null`;
  }

  #inputValue(type: GraphQLInputType): string {
    if (isListType(type)) return `readonly ${grouped(this.#input(type.ofType))}[]`;
    const named = getNamedType(type);
    if (isEnumType(named) || isInputObjectType(named)) return this.#use(named);
    return scalar(named.name).input;
  }

  /** @param leaf what the innermost type is written as, where its name does not say it */
  #output(type: GraphQLOutputType, leaf?: string): string {
    return isNonNullType(type)
      ? this.#outputValue(type.ofType, leaf)
      : `${this.#outputValue(type, leaf)} | null`;
  }

  #outputValue(type: GraphQLOutputType, leaf?: string): string {
    if (isListType(type)) return `readonly ${grouped(this.#output(type.ofType, leaf))}[]`;
    const named = getNamedType(type);
    if (leaf !== undefined) return leaf;
    return isEnumType(named) ? this.#use(named) : scalar(named.name).output;
  }

  #use(type: GraphQLEnumType | GraphQLInputObjectType): string {
    this.#used.set(type.name, type);
    return type.name;
  }
}

/** A description as a doc comment on the line before, or nothing. */
export function doc(description: string | null | undefined): string {
  return description ? `/** ${description.replaceAll('\n', ' ').replaceAll('*/', '*\\/')} */\n` : '';
}

function grouped(type: string): string {
  return type.includes('|') && !type.startsWith('{') ? `(${type})` : type;
}

function objectType(type: GraphQLOutputType): GraphQLObjectType {
  const named = getNamedType(type);
  if (!isObjectType(named)) throw new Error(`${named.name}: only object types can be selected`);
  return named;
}

function scalar(name: string): { readonly input: string; readonly output: string } {
  const found = scalars[name];
  if (found === undefined)
    throw new Error(`Say in scripts/client-types.ts what the scalar ${name} is in TypeScript.`);
  return found;
}
