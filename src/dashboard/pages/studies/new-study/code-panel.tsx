import { Button, CopyButton, SegmentedControl } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import type { CreateStudyInput } from '../../../../client/index.ts';
import { graphqlCode, typescriptCode } from './code.ts';
import classes from './code-panel.module.css';

/** The form's study as code that creates it, ready to copy. */
export function CodePanel({ input }: { readonly input: CreateStudyInput }) {
  const [language, setLanguage] = useState('graphql');
  const code = language === 'graphql' ? graphqlCode(input) : typescriptCode(input, window.location.origin);
  return (
    <section className={classes.panel} aria-label="The same as code">
      <header>
        <SegmentedControl
          aria-label="Language"
          value={language}
          onChange={setLanguage}
          data={[
            { value: 'graphql', label: 'GraphQL' },
            { value: 'typescript', label: 'TypeScript' },
          ]}
        />
        <CopyButton value={code}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <pre tabIndex={0}>{code}</pre>
    </section>
  );
}
