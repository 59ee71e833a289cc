import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql';
import { CallerError } from '../core/errors.ts';

/** How much one operation may ask for. The parser keeps to `tokens` itself. */
export interface OperationLimits {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /** In fields, those in a list counted once for each item that it may have; spreading a fragment costs one. */
  readonly cost: number;
}

export interface SizedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: { readonly [name: string]: unknown } | null | undefined;
}

const maxVariableDepth = 100;
/** The items that a list is taken to have where nothing tells. */
const assumedItems = 10;
/** The same for lists of types, fields and arguments: with it, one introspection of everything costs half of 50,000. */
const assumedSchemaItems = 8;
const sizeArguments: readonly string[] = ['first', 'last', 'limit', 'count'];

/**
 * Refuses an operation that asks for too much, before any of it runs. Fragments count where they are spread, and what
 * `@skip` may leave out counts too. The work is bounded by the limits, whatever the fragments do.
 * @throws CallerError TOO_LARGE with the limit's name; nothing for what validation reports (unknown fields, circles)
 */
export function checkOperation(operation: SizedOperation, limits: OperationLimits): void {
  checkVariableDepth(operation.variables);
  const definition = getOperationAST(operation.document, operation.operationName);
  if (!definition || withinLimits.get(definition) === limits) return;
  const meter = new OperationMeter(operation, definition, limits);
  meter.measure();
  if (!meter.dependsOnVariables) withinLimits.set(definition, limits);
}

/** Operations that are within limits whatever their variables are. */
const withinLimits = new WeakMap<OperationDefinitionNode, OperationLimits>();

/** graphql-js reads variables by recursion, and would run out of stack. */
function checkVariableDepth(variables: SizedOperation['variables']): void {
  let level: unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxVariableDepth) {
      const message = `The variables are nested too deeply; at most ${maxVariableDepth} levels are allowed. Flatten them.`;
      throw new CallerError('TOO_LARGE', message, { limit: 'variableDepth', allowed: maxVariableDepth });
    }
    const next: unknown[] = [];
    for (const value of level) {
      const items: unknown[] = Array.isArray(value) ? value : Object.values(value ?? {});
      // By places, which is faster: reports bring lists of many thousand numbers.
      for (let i = 0; i < items.length; i++) {
        const item = items[i];
        if (typeof item === 'object' && item !== null) next.push(item);
      }
    }
    level = next;
  }
}

/** The error for a limit of the configuration's `limits` that a request goes beyond. */
export function tooLarge(limit: string, what: string, allowed: number): CallerError {
  const advice = `Split it, or ask the server's operator to raise limits.${limit}.`;
  return new CallerError('TOO_LARGE', `${what}; at most ${allowed} are allowed. ${advice}`, {
    limit,
    allowed,
  });
}

/** Where a selection set stands. */
interface Place {
  readonly type: GraphQLOutputType | undefined;
  readonly depth: number;
  /** How many objects its fields are asked of. */
  readonly objects: number;
  /** Whether the field above says how many items the lists here have, as a connection's `first` does for its edges. */
  readonly listsAreCounted: boolean;
}

class OperationMeter {
  readonly #operation: SizedOperation;
  readonly #definition: OperationDefinitionNode;
  readonly #limits: OperationLimits;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #openFragments = new Set<string>();
  #rootFields = 0;
  #aliases = 0;
  #directives = 0;
  #cost = 0;
  /** Whether a variable's value was looked at. */
  dependsOnVariables = false;

  constructor(operation: SizedOperation, definition: OperationDefinitionNode, limits: OperationLimits) {
    this.#operation = operation;
    this.#definition = definition;
    this.#limits = limits;
    for (const node of operation.document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  measure(): void {
    const type = this.#operation.schema.getRootType(this.#definition.operation) ?? undefined;
    this.#countDirectives(this.#definition.directives);
    this.#select(this.#definition.selectionSet, { type, depth: 1, objects: 1, listsAreCounted: false });
  }

  #select(set: SelectionSetNode, place: Place): void {
    for (const selection of set.selections) {
      this.#countDirectives(selection.directives);
      switch (selection.kind) {
        case Kind.FIELD:
          this.#field(selection, place);
          break;
        case Kind.FRAGMENT_SPREAD:
          this.#spread(selection.name.value, place);
          break;
        case Kind.INLINE_FRAGMENT: {
          const condition = selection.typeCondition?.name.value;
          this.#select(selection.selectionSet, this.#narrowed(place, condition));
        }
      }
    }
  }

  #spread(name: string, place: Place): void {
    const fragment = this.#fragments.get(name);
    if (!fragment || this.#openFragments.has(name)) return;
    // Fragments can spread each other 2^n times over before they ask for a field.
    this.#pay(1);
    this.#openFragments.add(name);
    this.#select(fragment.selectionSet, this.#narrowed(place, fragment.typeCondition.name.value));
    this.#openFragments.delete(name);
  }

  #field(node: FieldNode, place: Place): void {
    if (place.depth > this.#limits.depth) this.#refuse('depth', 'fields within fields');
    if (place.depth === 1 && ++this.#rootFields > this.#limits.rootFields) {
      this.#refuse('rootFields', 'fields at its top');
    }
    if (node.alias && ++this.#aliases > this.#limits.aliases) this.#refuse('aliases', 'aliases');
    this.#pay(place.objects);
    if (!node.selectionSet) return;

    const field = this.#definitionOf(node.name.value, place.type);
    const isList = field !== undefined && isListType(getNullableType(field.type));
    const count = field && this.#countArgument(field, node);
    const items = count ?? (isList && !place.listsAreCounted ? this.#assumedItems(node, field) : 1);
    this.#select(node.selectionSet, {
      type: field && getNamedType(field.type),
      depth: place.depth + 1,
      objects: place.objects * items,
      listsAreCounted: count !== undefined && !isList,
    });
  }

  #definitionOf(
    name: string,
    type: GraphQLOutputType | undefined,
  ): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  }

  /** The items that an argument such as `first` asks for; undefined where the field has no such argument. */
  #countArgument(field: GraphQLField<unknown, unknown>, node: FieldNode): number | undefined {
    const counts = field.args
      .filter((argument) => sizeArguments.includes(argument.name))
      .map((argument) => {
        const given = node.arguments?.find((candidate) => candidate.name.value === argument.name);
        const value = given ? this.#valueOf(given.value) : argument.defaultValue;
        return typeof value === 'number' ? Math.max(1, value) : undefined;
      });
    if (counts.length === 0) return undefined;
    const known = counts.filter((count) => count !== undefined);
    return known.length > 0 ? Math.max(...known) : assumedItems;
  }

  /** A field that is given a list is taken to answer with as many items. */
  #assumedItems(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    if (isIntrospectionType(getNamedType(field.type))) return assumedSchemaItems;
    const lengths = (node.arguments ?? [])
      .map((argument) => this.#valueOf(argument.value))
      .filter((value) => Array.isArray(value))
      .map((list) => list.length);
    return lengths.length > 0 ? Math.max(1, ...lengths) : assumedItems;
  }

  /** The number or list that an argument stands for; other values as undefined. */
  #valueOf(node: ValueNode): unknown {
    if (node.kind === Kind.INT) return Number(node.value);
    if (node.kind === Kind.LIST) return node.values;
    if (node.kind !== Kind.VARIABLE) return undefined;
    this.dependsOnVariables = true;
    const name = node.name.value;
    const given = this.#operation.variables?.[name];
    if (given !== undefined) return given;
    const byDefault = this.#definition.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    );
    return byDefault?.defaultValue && this.#valueOf(byDefault.defaultValue);
  }

  #narrowed(place: Place, condition: string | undefined): Place {
    const type = condition === undefined ? undefined : this.#operation.schema.getType(condition);
    return isCompositeType(type) ? { ...place, type } : place;
  }

  #pay(cost: number): void {
    this.#cost += cost;
    if (this.#cost > this.#limits.cost) this.#refuse('cost', 'fields, those in lists counted once an item');
  }

  #countDirectives(directives: readonly unknown[] | undefined): void {
    this.#directives += directives?.length ?? 0;
    if (this.#directives > this.#limits.directives) this.#refuse('directives', 'directives');
  }

  #refuse(limit: keyof OperationLimits, what: string): never {
    throw tooLarge(limit, `The operation has too many ${what}`, this.#limits[limit]);
  }
}
