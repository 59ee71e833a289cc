import { ActionIcon, Button, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Comparison, ConstraintInput, Direction, ObjectiveInput } from '../../../../client/index.ts';
import { type DraftPartProps, directionOf } from './draft.ts';
import { useFault } from './faults.ts';
import classes from './goals.module.css';
import { MetricField } from './metric-field.tsx';
import { NumberField } from './number-field.tsx';
import { Section } from './section.tsx';

const directions: readonly { value: Direction; label: string }[] = [
  { value: 'MINIMIZE', label: 'as small as possible' },
  { value: 'MAXIMIZE', label: 'as large as possible' },
];
const comparisons: readonly { value: Comparison; label: string }[] = [
  { value: 'LESS_OR_EQUAL', label: 'at most' },
  { value: 'GREATER_OR_EQUAL', label: 'at least' },
];

export interface GoalsProps extends DraftPartProps {
  /** Those that the trainable reports. */
  readonly metrics: readonly string[];
}

/** What is looked for: objectives, and constraints that a result must keep. */
export function Goals({ draft, onChange, metrics }: GoalsProps) {
  const { objectives, constraints } = draft;
  const unused = metrics.find((name) => !objectives.some(({ metric }) => metric === name)) ?? '';
  return (
    <>
      <Section
        title="Objectives"
        hint={objectives.length > 1 ? 'Several give a Pareto front.' : ''}
        actions={
          <AddButton
            label="Objective"
            onClick={() =>
              onChange({ objectives: [...objectives, { metric: unused, direction: directionOf(unused) }] })
            }
          />
        }
      >
        {objectives.map((objective, i) => (
          <ObjectiveRow
            // biome-ignore lint/suspicious/noArrayIndexKey: metrics may be equal while they are edited
            key={i}
            place={i}
            value={objective}
            metrics={metrics}
            onChange={(next) => onChange({ objectives: objectives.with(i, next) })}
            onRemove={
              objectives.length > 1 ? () => onChange({ objectives: objectives.toSpliced(i, 1) }) : null
            }
          />
        ))}
      </Section>
      <Section
        title="Constraints"
        hint="Trials that break one are infeasible."
        actions={
          <AddButton
            label="Constraint"
            onClick={() =>
              onChange({
                constraints: [
                  ...constraints,
                  { metric: metrics[0] ?? '', comparison: 'LESS_OR_EQUAL', bound: 1 },
                ],
              })
            }
          />
        }
      >
        {constraints.map((constraint, i) => (
          <ConstraintRow
            // biome-ignore lint/suspicious/noArrayIndexKey: metrics may be equal while they are edited
            key={i}
            place={i}
            value={constraint}
            metrics={metrics}
            onChange={(next) => onChange({ constraints: constraints.with(i, next) })}
            onRemove={() => onChange({ constraints: constraints.toSpliced(i, 1) })}
          />
        ))}
      </Section>
    </>
  );
}

interface RowProps<Value> {
  readonly place: number;
  readonly value: Value;
  readonly metrics: readonly string[];
  onChange(value: Value): void;
}

interface ObjectiveRowProps extends RowProps<ObjectiveInput> {
  readonly onRemove: (() => void) | null;
}

function ObjectiveRow({ place, value, metrics, onChange, onRemove }: ObjectiveRowProps) {
  const number = place + 1;
  return (
    <div className={classes.row}>
      <MetricField
        aria-label={`Metric of objective ${number}`}
        metrics={metrics}
        error={useFault(`objectives[${place}].metric`)}
        value={value.metric}
        onChange={(metric) =>
          onChange({ metric, direction: metrics.includes(metric) ? directionOf(metric) : value.direction })
        }
      />
      <Select
        aria-label={`Direction of objective ${number}`}
        allowDeselect={false}
        data={[...directions]}
        value={value.direction}
        onChange={(direction) => onChange({ ...value, direction: direction as Direction })}
      />
      {onRemove !== null && <RemoveButton label={`Remove objective ${number}`} onClick={onRemove} />}
    </div>
  );
}

interface ConstraintRowProps extends RowProps<ConstraintInput> {
  onRemove(): void;
}

function ConstraintRow({ place, value, metrics, onChange, onRemove }: ConstraintRowProps) {
  const number = place + 1;
  return (
    <div className={classes.row}>
      <MetricField
        aria-label={`Metric of constraint ${number}`}
        metrics={metrics}
        error={useFault(`constraints[${place}].metric`)}
        value={value.metric}
        onChange={(metric) => onChange({ ...value, metric })}
      />
      <Select
        aria-label={`Comparison of constraint ${number}`}
        allowDeselect={false}
        data={[...comparisons]}
        value={value.comparison}
        onChange={(comparison) => onChange({ ...value, comparison: comparison as Comparison })}
      />
      <NumberField
        label={`Bound of constraint ${number}`}
        isLabelHidden
        path={`constraints[${place}].bound`}
        value={value.bound}
        // One there must be: while the field is empty the old one stays.
        onChange={(bound) => bound !== undefined && onChange({ ...value, bound })}
      />
      <RemoveButton label={`Remove constraint ${number}`} onClick={onRemove} />
    </div>
  );
}

export interface AddButtonProps {
  readonly label: string;
  /** Absent where it opens a menu, which gives it what it needs. */
  onClick?(): void;
}

export function AddButton({ label, ...button }: AddButtonProps) {
  return (
    <Button variant="subtle" size="compact-xs" ml="auto" leftSection={<IconPlus size={13} />} {...button}>
      {label}
    </Button>
  );
}

export function RemoveButton({ label, onClick }: { readonly label: string; onClick(): void }) {
  return (
    <ActionIcon aria-label={label} onClick={onClick}>
      <IconX size={14} />
    </ActionIcon>
  );
}
