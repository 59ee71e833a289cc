import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import classes from './code-tabs.module.css';
import { CopyButton } from './copy-button.tsx';

export interface CodeTabsProps {
  /** What the code does, for screen readers. */
  readonly label: string;
  /** By language; the first is shown at first. */
  readonly codes: Readonly<Record<string, string>>;
}

/** The same in several languages, ready to copy. */
export function CodeTabs({ label, codes }: CodeTabsProps) {
  const languages = Object.keys(codes);
  const [language, setLanguage] = useState(languages[0]!);
  const code = codes[language]!;
  return (
    <section className={classes.panel} aria-label={label}>
      <header>
        <SegmentedControl aria-label="Language" value={language} onChange={setLanguage} data={languages} />
        <CopyButton text={code} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <pre tabIndex={0}>{code}</pre>
    </section>
  );
}
