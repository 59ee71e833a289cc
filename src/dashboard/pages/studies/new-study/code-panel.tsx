import type { CreateStudyInput } from '../../../../client/index.ts';
import { CodeTabs } from '../../../parts/code-tabs.tsx';
import { graphqlCode, typescriptCode } from './code.ts';

/** The form's study as code that creates it. */
export function CodePanel({ input }: { readonly input: CreateStudyInput }) {
  return (
    <CodeTabs
      label="The same as code"
      codes={{ GraphQL: graphqlCode(input), TypeScript: typescriptCode(input, window.location.origin) }}
    />
  );
}
