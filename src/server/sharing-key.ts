import { type DocumentNode, type ExecutionArgs, Kind, type VariableNode, visit } from 'graphql';
import type { Viewer } from '../graphql/context.ts';

/** The argument of subscriptions that says after what to begin. */
const positionArgument = 'after';

/**
 * Equal for subscriptions that give equal results at equal positions: the same text, operation, variables and viewer,
 * save the variable that says where to begin.
 */
export function sharingKey({ document, operationName, variableValues, contextValue }: ExecutionArgs): string {
  const { viewer } = contextValue as { readonly viewer: Viewer };
  const variables = { ...variableValues };
  const position = positionVariable(document);
  if (position !== null) delete variables[position];
  return JSON.stringify([document.loc?.source.body, operationName, variables, viewer]);
}

const positionVariables = new WeakMap<DocumentNode, string | null>();

/** The variable that is the position argument of a root field and nothing else. */
function positionVariable(document: DocumentNode): string | null {
  const known = positionVariables.get(document);
  if (known !== undefined) return known;
  const found = findPositionVariable(document);
  positionVariables.set(document, found);
  return found;
}

function findPositionVariable(document: DocumentNode): string | null {
  const [operation, ...others] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return null;
  const [field] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD) return null;
  const value = field.arguments?.find(({ name }) => name.value === positionArgument)?.value;
  if (value?.kind !== Kind.VARIABLE) return null;
  const name = value.name.value;
  let mentions = 0;
  visit(operation, {
    [Kind.VARIABLE]: (variable: VariableNode) => {
      if (variable.name.value === name) mentions++;
    },
  });
  // Its definition and this use.
  return mentions === 2 ? name : null;
}
