import { Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Json } from '../../../../client/index.ts';
import { useFault } from './faults.ts';
import type { JsonFields } from './json-fields.ts';

interface JsonFieldTexts {
  readonly label: string;
  readonly help?: string | undefined;
  readonly placeholder?: string | undefined;
  /** Of the input: what the server finds wrong with it is told here. */
  readonly path: string;
  readonly maxRows?: number;
}

interface ObjectFieldProps extends JsonFieldTexts {
  readonly takesNumbers?: false;
  readonly value: JsonFields;
  onChange(value: JsonFields): void;
}

interface NumbersFieldProps extends JsonFieldTexts {
  /** Whether a number will do as well, or nothing at all. */
  readonly takesNumbers: true;
  readonly value: Json | undefined;
  onChange(value: Json | undefined): void;
}

export type JsonFieldProps = ObjectFieldProps | NumbersFieldProps;

interface Edit {
  readonly text: string;
  readonly of: Json | undefined;
}

/** An object edited as JSON; what is not one is told and changes nothing. */
export function JsonField(props: JsonFieldProps) {
  const { label, help, placeholder, path, value, maxRows = 8, takesNumbers = false } = props;
  const onChange = props.onChange as (value: Json | undefined) => void;
  const input = useRef<HTMLTextAreaElement>(null);
  const [edit, setEdit] = useState<Edit | null>(null);
  const [typingFault, setTypingFault] = useState<string | null>(null);
  const error = useFault(path) ?? typingFault;
  useEffect(() => input.current?.setCustomValidity(typingFault ?? ''), [typingFault]);
  // Changes from elsewhere win over a text that meant the same.
  const text = edit !== null && (edit.of === value || typingFault !== null) ? edit.text : textOf(value);
  return (
    <Textarea
      ref={input}
      label={label}
      description={error === null ? help : undefined}
      placeholder={placeholder}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autosize
      minRows={1}
      maxRows={maxRows}
      error={error}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--font-mono)' } }}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        try {
          const read = readJson(next, takesNumbers);
          setTypingFault(null);
          setEdit({ text: next, of: read });
          onChange(read);
        } catch (fault) {
          setTypingFault((fault as Error).message);
          setEdit({ text: next, of: value });
        }
      }}
    />
  );
}

function readJson(text: string, takesNumbers: boolean): Json | undefined {
  if (text.trim() === '') return takesNumbers ? undefined : {};
  const value = JSON.parse(text) as Json;
  if (takesNumbers && typeof value === 'number') return value;
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  throw new Error(
    takesNumbers
      ? 'must be a number, or an object such as {"rate": 5}'
      : 'must be an object, such as {"epochs": 5}',
  );
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return '';
  const line = JSON.stringify(value);
  return line.length < 60 ? line : JSON.stringify(value, null, 2);
}
