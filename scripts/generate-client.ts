import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  buildSchema,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  validate,
  visit,
} from 'graphql';
import { doc, TypeWriter } from './client-types.ts';

/**
 * Makes src/client/generated.ts of schema.graphql and the client's operations, and for each file of the dashboard's
 * operations, such as studies.graphql, a studies.ts beside it: `node --import tsx scripts/generate-client.ts`.
 */

export const schemaFile = new URL('../schema.graphql', import.meta.url);
export const operationsFile = new URL('../src/client/operations.graphql', import.meta.url);
export const generatedFile = new URL('../src/client/generated.ts', import.meta.url);
export const dashboardFolder = new URL('../src/dashboard/operations/', import.meta.url);

const head = `// Made of schema.graphql and operations.graphql by \`npm run generate\`. Do not edit.
import type { Columns, Json, JsonScalar, Params, Values } from './json.ts';
import type { TypedDocument } from './typed-document.ts';
`;
const dashboardHead =
  '// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.';
/** What the dashboard's code may need of the client. */
const clientTypes = ['Columns', 'Json', 'JsonScalar', 'Params', 'TypedDocument', 'Values'];

/**
 * The client's types and documents: a type for each fragment, and for each operation a constant with its text, typed
 * by its result and variables.
 * @throws Error where the operations do not fit the schema
 */
export function clientCode(schemaText: string, operationsText: string): string {
  return formatted([head, ...declarations(buildSchema(schemaText), parse(operationsText))].join('\n\n'));
}

/**
 * The types and documents of one file of the dashboard's operations, which may use the client's fragments.
 * @throws Error where the operations do not fit the schema
 */
export function dashboardCode(schemaText: string, clientOperations: string, operationsText: string): string {
  const own = parse(operationsText).definitions;
  const shared = parse(clientOperations).definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const all: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...shared, ...own] };
  const used = new Set<DefinitionNode>(own);
  for (const definition of own) {
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION) {
      for (const fragment of fragmentsOf(definition, all)) used.add(fragment);
    }
  }
  const definitions = all.definitions.filter((definition) => used.has(definition));
  const code = declarations(buildSchema(schemaText), { kind: Kind.DOCUMENT, definitions }).join('\n\n');
  const needed = clientTypes.filter((type) => new RegExp(`\\b${type}\\b`).test(code));
  const imports = `import type { ${needed.join(', ')} } from '../../client/index.ts';`;
  return formatted([dashboardHead, imports, code].join('\n'));
}

function declarations(schema: GraphQLSchema, document: DocumentNode): readonly string[] {
  const errors = validate(schema, document);
  if (errors.length > 0) throw new Error(errors.map(String).join('\n\n'));

  const writer = new TypeWriter(schema);
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const types = fragments.map((fragment) => fragmentType(schema, writer, fragment));
  const texts = fragments.map((fragment) => `const ${fragmentText(fragment)} = \`${print(fragment)}\`;`);
  const documents = operations.map((operation) => typedDocument(schema, writer, operation, document));
  return [...writer.declarations(), ...types, ...texts, ...documents];
}

function fragmentType(schema: GraphQLSchema, writer: TypeWriter, fragment: FragmentDefinitionNode): string {
  const type = schema.getType(fragment.typeCondition.name.value) as GraphQLObjectType;
  const written = writer.selection(fragment.selectionSet, type);
  return `${doc(type.description)}export interface ${fragment.name.value} ${written}`;
}

function typedDocument(
  schema: GraphQLSchema,
  writer: TypeWriter,
  operation: OperationDefinitionNode,
  document: DocumentNode,
): string {
  const name = operation.name!.value;
  const root = schema.getRootType(operation.operation)!;
  const result = writer.selection(operation.selectionSet, root);
  const variables = writer.variables(operation.variableDefinitions ?? []);
  const texts = Array.from(fragmentsOf(operation, document), (fragment) => `\${${fragmentText(fragment)}}`);
  const text = [print(operation), ...texts].join('\n');
  return `export const ${uncapitalized(name)}: TypedDocument<${result}, ${variables}> = \`${text}\`;`;
}

/** The name of the constant that holds a fragment's text. */
function fragmentText(fragment: FragmentDefinitionNode): string {
  return `${uncapitalized(fragment.name.value)}Fragment`;
}

function uncapitalized(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1);
}

/** The fragments that a definition spreads, and those that they spread. */
function fragmentsOf(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  document: DocumentNode,
  found = new Set<FragmentDefinitionNode>(),
): ReadonlySet<FragmentDefinitionNode> {
  visit(definition, {
    [Kind.FRAGMENT_SPREAD]: ({ name }) => {
      const fragment = document.definitions.find(
        (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === name.value,
      ) as FragmentDefinitionNode | undefined;
      // One that is missing is told by the validation.
      if (fragment === undefined || found.has(fragment)) return;
      found.add(fragment);
      fragmentsOf(fragment, document, found);
    },
  });
  return found;
}

function formatted(code: string): string {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'format', '--stdin-file-path=src/client/generated.ts'],
    { input: code, encoding: 'utf8', cwd: new URL('..', import.meta.url) },
  );
  if (status !== 0) throw new Error(`biome could not format the client's code:\n${stderr}`);
  return stdout;
}

/** The dashboard's files of operations, and the file that is made of each. */
export async function dashboardFiles(): Promise<readonly { readonly operations: URL; readonly code: URL }[]> {
  const names = (await readdir(dashboardFolder)).filter((name) => name.endsWith('.graphql')).sort();
  return names.map((name) => ({
    operations: new URL(name, dashboardFolder),
    code: new URL(name.replace('.graphql', '.ts'), dashboardFolder),
  }));
}

if (process.argv[1] === import.meta.filename) {
  const [schema, operations] = await Promise.all(
    [schemaFile, operationsFile].map((file) => readFile(file, 'utf8')),
  );
  await writeFile(generatedFile, clientCode(schema!, operations!));
  for (const { operations: file, code } of await dashboardFiles()) {
    await writeFile(code, dashboardCode(schema!, operations!, await readFile(file, 'utf8')));
  }
}
