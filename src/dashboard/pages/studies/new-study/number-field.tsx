import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Json } from '../../../../client/index.ts';
import { useFault } from './faults.ts';
import { type NumberRule, numberFault, numberText } from './number-text.ts';

export interface NumberFieldProps extends NumberRule {
  readonly label: string;
  readonly help?: string | undefined;
  /** What holds while it is empty. */
  readonly placeholder?: string | undefined;
  /** Of the input, such as retries.lost: what the server finds wrong with it is told here. */
  readonly path: string;
  readonly value: Json | undefined;
  /** Whether the label is for screen readers alone. */
  readonly isLabelHidden?: boolean;
  onChange(value: number | undefined): void;
}

/** A number or nothing. A text, as browsers' number fields cannot hold 1e-5 while it is typed. */
export function NumberField(props: NumberFieldProps) {
  const { label, help, placeholder, path, value, isLabelHidden = false, onChange, ...rule } = props;
  const input = useRef<HTMLInputElement>(null);
  /** What is being typed; null: the value itself. */
  const [typed, setTyped] = useState<string | null>(null);
  const typingFault = typed === null ? null : numberFault(typed, rule);
  const serverFault = useFault(path);
  const error = typingFault ?? serverFault;
  // The browser holds the form back, and leads to the field.
  useEffect(() => input.current?.setCustomValidity(typingFault ?? ''), [typingFault]);
  return (
    <TextInput
      ref={input}
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      description={error === null ? help : undefined}
      error={error}
      placeholder={placeholder}
      inputMode={rule.integer ? 'numeric' : 'decimal'}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete="off"
      value={typed ?? (typeof value === 'number' ? numberText(value) : '')}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        if (numberFault(text, rule) === null) onChange(text.trim() === '' ? undefined : Number(text));
      }}
      onBlur={() => typingFault === null && setTyped(null)}
    />
  );
}
