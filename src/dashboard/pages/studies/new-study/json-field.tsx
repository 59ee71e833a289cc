import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { JsonFields } from './draft.ts';

export interface JsonFieldProps {
  readonly label: string;
  readonly value: JsonFields;
  readonly maxRows?: number;
  onChange(value: JsonFields): void;
}

/** An object edited as JSON; what is not an object is told and changes nothing. */
export function JsonField({ label, value, maxRows = 8, onChange }: JsonFieldProps) {
  const [edit, setEdit] = useState<{ readonly text: string; readonly of: JsonFields } | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  // Changes from elsewhere win over a text that meant the same.
  const text = edit !== null && (edit.of === value || fault !== null) ? edit.text : textOf(value);
  return (
    <Textarea
      mt="xs"
      label={label}
      autosize
      minRows={1}
      maxRows={maxRows}
      error={fault}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--font-mono)' } }}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        try {
          const parsed: unknown = JSON.parse(next.trim() === '' ? '{}' : next);
          if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
            throw new Error('must be an object, such as {"epochs": 5}');
          }
          setFault(null);
          setEdit({ text: next, of: parsed as JsonFields });
          onChange(parsed as JsonFields);
        } catch (error) {
          setFault((error as Error).message);
          setEdit({ text: next, of: value });
        }
      }}
    />
  );
}

function textOf(value: JsonFields): string {
  const line = JSON.stringify(value);
  return line.length < 60 ? line : JSON.stringify(value, null, 2);
}
