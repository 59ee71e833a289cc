import { Input, Select, Switch, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { Json } from '../../../../client/index.ts';
import { useFault, useFaultAt } from './faults.ts';
import { JsonField } from './json-field.tsx';
import { type JsonFields, withField } from './json-fields.ts';
import { MetricField } from './metric-field.tsx';
import { NumberField } from './number-field.tsx';
import type { Option, OptionKind } from './option.ts';
import { prunerKinds } from './pruner-kinds.ts';
import { Fields } from './section.tsx';

export interface OptionFieldsProps {
  /** Of the input: sampler, pruner, or another with options. */
  readonly path: string;
  readonly kind: OptionKind | undefined;
  readonly values: JsonFields;
  /** Those that may be chosen where a metric is asked for. */
  readonly metrics: readonly string[];
  onChange(values: JsonFields): void;
}

/** A field for each option of a sampler, pruner or trainable. */
export function OptionFields({ path, kind, values, metrics, onChange }: OptionFieldsProps) {
  if (kind === undefined || kind.options.length === 0) return null;
  return (
    <Fields label={`Options of ${kind.name}`} isWide>
      {kind.options.map((option) => (
        <OptionField
          key={option.name}
          option={option}
          path={`${path}.${option.name}`}
          value={values[option.name]}
          metrics={metrics}
          onChange={(value) => onChange(withField(values, option.name, value))}
        />
      ))}
    </Fields>
  );
}

interface OptionFieldProps {
  readonly option: Option;
  readonly path: string;
  readonly value: Json | undefined;
  readonly metrics: readonly string[];
  onChange(value: Json | undefined): void;
}

function OptionField(props: OptionFieldProps) {
  const { option, path, value, onChange } = props;
  const { name: _, label, kind, choices: __, usual, help, ...rule } = option;
  switch (kind) {
    case 'number':
      return (
        <NumberField
          label={label}
          help={help}
          placeholder={usual}
          path={path}
          value={value}
          {...rule}
          onChange={onChange}
        />
      );
    case 'flag':
      return (
        <Flag
          label={label}
          help={help}
          isUsual={usual === 'true'}
          value={typeof value === 'boolean' ? value : usual === 'true'}
          onChange={onChange}
        />
      );
    case 'steps':
      return (
        <JsonField
          label={label}
          help={help}
          placeholder={usual}
          path={path}
          takesNumbers
          value={value}
          onChange={onChange}
        />
      );
    case 'pruner':
      return <OtherPruner {...props} />;
    default:
      return <Choice {...props} />;
  }
}

interface FlagProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly value: boolean;
  /** What it is without a word. */
  readonly isUsual: boolean;
  /** Undefined for what is usual. */
  onChange(value: boolean | undefined): void;
}

function Flag({ label, help, value, isUsual, onChange }: FlagProps) {
  const id = useId();
  return (
    <Input.Wrapper
      id={id}
      label={label}
      description={help}
      size="xs"
      inputWrapperOrder={['label', 'input', 'description']}
    >
      <Switch
        id={id}
        mt={6}
        label={value ? 'on' : 'off'}
        checked={value}
        onChange={({ currentTarget: { checked } }) => onChange(checked === isUsual ? undefined : checked)}
      />
    </Input.Wrapper>
  );
}

const directions = [
  { value: 'MINIMIZE', label: 'smaller' },
  { value: 'MAXIMIZE', label: 'larger' },
];

/** A text, one of several, a metric, or a direction. */
function Choice({ option, path, value, metrics, onChange }: OptionFieldProps) {
  const error = useFault(path);
  const { label, usual, help, kind } = option;
  const shared = {
    label,
    placeholder: usual ?? '',
    error,
    description: error === null ? help : undefined,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as (
      | 'label'
      | 'input'
      | 'description'
      | 'error'
    )[],
  };
  if (kind === 'text') {
    return (
      <TextInput
        {...shared}
        value={typeof value === 'string' ? value : ''}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value === '' ? undefined : currentTarget.value)
        }
      />
    );
  }
  if (kind === 'metric') {
    return (
      <MetricField
        {...shared}
        metrics={metrics}
        value={typeof value === 'string' ? value : ''}
        onChange={(metric) => onChange(metric === '' ? undefined : metric)}
      />
    );
  }
  return (
    <Select
      {...shared}
      clearable
      data={kind === 'choice' ? [...(option.choices ?? [])] : directions}
      value={typeof value === 'string' ? value : null}
      onChange={(direction) => onChange(direction ?? undefined)}
    />
  );
}

/** The pruner that must agree with a patient one. */
function OtherPruner({ option: { label, help }, path, value, metrics, onChange }: OptionFieldProps) {
  const error = useFaultAt(path, ['kind']);
  const pruner = (value ?? null) as JsonFields | null;
  const kinds = prunerKinds.filter(({ name }) => name !== 'patient');
  return (
    <>
      <Select
        label={label}
        placeholder="none"
        error={error}
        description={error === null ? help : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        clearable
        data={kinds.map(({ name }) => name)}
        value={pruner === null ? null : String(pruner.kind)}
        onChange={(kind) => onChange(kind === null ? undefined : { kind })}
      />
      {pruner !== null && (
        <OptionFields
          path={path}
          kind={kinds.find(({ name }) => name === pruner.kind)}
          values={pruner}
          metrics={metrics}
          onChange={onChange}
        />
      )}
    </>
  );
}
