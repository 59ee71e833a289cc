import { Checkbox, Select, TagsInput, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Json, JsonScalar } from '../../../../client/index.ts';
import { choiceOf, choicesOf } from './choice-text.ts';
import { ConditionEditor } from './condition-editor.tsx';
import { fieldPath, useFault } from './faults.ts';
import { RemoveButton } from './goals.tsx';
import { type JsonFields, withField } from './json-fields.ts';
import { numberFault, numberText } from './number-text.ts';
import classes from './parameter-row.module.css';

export interface ParameterRowProps {
  readonly name: string;
  readonly parameter: JsonFields;
  readonly others: readonly string[];
  readonly isFaulty: boolean;
  /** Whether the name and type may change; a trainable knows its parameters by name. */
  readonly canRename: boolean;
  /** undefined: the parameter is removed. */
  onChange(parameter: JsonFields | undefined): void;
  onRename(name: string): void;
}

const types: Readonly<Record<string, JsonFields>> = {
  float: { type: 'float', low: 0, high: 1 },
  int: { type: 'int', low: 1, high: 10 },
  categorical: { type: 'categorical', choices: ['a', 'b'] },
  fixed: { type: 'fixed', value: 1 },
};

export function ParameterRow(props: ParameterRowProps) {
  const { name, parameter, others, isFaulty, canRename, onChange, onRename } = props;
  const set = (field: string, value: Json | undefined) => onChange(withField(parameter, field, value));
  const fault = useFault(fieldPath('searchSpace', name));
  return (
    <div className={classes.row} data-faulty={isFaulty || fault !== null || undefined}>
      <div className={classes.name}>
        {canRename ? (
          <TextInput
            key={name}
            aria-label={`Name of ${name}`}
            defaultValue={name}
            onBlur={(event) => onRename(event.currentTarget.value.trim())}
          />
        ) : (
          <b title={name}>{name}</b>
        )}
        {canRename ? (
          <Select
            aria-label={`Type of ${name}`}
            allowDeselect={false}
            data={Object.keys(types)}
            value={String(parameter.type)}
            onChange={(type) => onChange(types[type!])}
          />
        ) : (
          <span className={classes.type}>{String(parameter.type)}</span>
        )}
      </div>
      <div className={classes.values}>
        <Values key={name} name={name} parameter={parameter} set={set} />
      </div>
      <div className={classes.condition}>
        <ConditionEditor
          name={name}
          when={parameter.when}
          parents={others}
          onChange={(when) => set('when', when)}
        />
      </div>
      <RemoveButton label={`Remove ${name}`} onClick={() => onChange(undefined)} />
      {fault !== null && <p className={classes.fault}>{fault}</p>}
    </div>
  );
}

interface ValuesProps {
  readonly name: string;
  readonly parameter: JsonFields;
  set(field: string, value: Json | undefined): void;
}

function Values({ name, parameter, set }: ValuesProps) {
  if (parameter.type === 'categorical') {
    const choices = (parameter.choices ?? []) as readonly JsonScalar[];
    return (
      <TagsInput
        className={classes.choices}
        aria-label={`Choices of ${name}`}
        styles={{ inputField: { minWidth: 16 } }}
        value={choices.map(String)}
        onChange={(texts) => set('choices', choicesOf(texts, choices))}
      />
    );
  }
  if (parameter.type === 'fixed') {
    return (
      <TextInput
        aria-label={`Value of ${name}`}
        value={String(parameter.value)}
        onChange={(event) => set('value', choiceOf(event.currentTarget.value))}
      />
    );
  }
  return (
    <>
      <Bound
        name={`Lowest ${name}`}
        isInteger={parameter.type === 'int'}
        value={parameter.low}
        onChange={(value) => set('low', value)}
      />
      <span className={classes.to}>to</span>
      <Bound
        name={`Highest ${name}`}
        isInteger={parameter.type === 'int'}
        value={parameter.high}
        onChange={(value) => set('high', value)}
      />
      <Checkbox
        label="log"
        aria-label={`Search the logarithm of ${name}`}
        checked={parameter.log === true}
        onChange={(event) => set('log', event.currentTarget.checked || undefined)}
      />
    </>
  );
}

interface BoundProps {
  readonly name: string;
  readonly isInteger: boolean;
  readonly value: Json | undefined;
  onChange(value: number): void;
}

/** An end of a range, which there must be: while the field is empty the old one stays. */
function Bound({ name, isInteger, value, onChange }: BoundProps) {
  const input = useRef<HTMLInputElement>(null);
  /** What is being typed; null: the value itself. */
  const [typed, setTyped] = useState<string | null>(null);
  const fault = typed === null ? null : numberFault(typed, { integer: isInteger });
  // The browser holds the form back, and leads to the field.
  useEffect(() => input.current?.setCustomValidity(fault ?? ''), [fault]);
  return (
    <TextInput
      ref={input}
      className={classes.bound}
      aria-label={name}
      // There is no room for a word.
      error={fault !== null}
      title={fault ?? undefined}
      inputMode={isInteger ? 'numeric' : 'decimal'}
      autoComplete="off"
      value={typed ?? (typeof value === 'number' ? numberText(value) : '')}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        if (text.trim() !== '' && numberFault(text, { integer: isInteger }) === null) onChange(Number(text));
      }}
      onBlur={() => fault === null && setTyped(null)}
    />
  );
}
