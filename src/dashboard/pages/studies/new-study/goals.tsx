import { ActionIcon, Autocomplete, Button, NumberInput, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Comparison, Direction } from '../../../../client/index.ts';
import type { DraftPartProps } from './basics.tsx';
import { directionOf } from './draft.ts';
import classes from './goals.module.css';
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
          // biome-ignore lint/suspicious/noArrayIndexKey: metrics may be equal while they are edited
          <div key={i} className={classes.row}>
            <Autocomplete
              aria-label={`Metric of objective ${i + 1}`}
              data={[...metrics]}
              value={objective.metric}
              onChange={(metric) =>
                onChange({
                  objectives: objectives.with(i, {
                    metric,
                    direction: metrics.includes(metric) ? directionOf(metric) : objective.direction,
                  }),
                })
              }
            />
            <Select
              aria-label={`Direction of objective ${i + 1}`}
              allowDeselect={false}
              data={[...directions]}
              value={objective.direction}
              onChange={(direction) =>
                onChange({
                  objectives: objectives.with(i, { ...objective, direction: direction as Direction }),
                })
              }
            />
            {objectives.length > 1 && (
              <RemoveButton
                label={`Remove objective ${i + 1}`}
                onClick={() => onChange({ objectives: objectives.toSpliced(i, 1) })}
              />
            )}
          </div>
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
          // biome-ignore lint/suspicious/noArrayIndexKey: metrics may be equal while they are edited
          <div key={i} className={classes.row}>
            <Autocomplete
              aria-label={`Metric of constraint ${i + 1}`}
              data={[...metrics]}
              value={constraint.metric}
              onChange={(metric) => onChange({ constraints: constraints.with(i, { ...constraint, metric }) })}
            />
            <Select
              aria-label={`Comparison of constraint ${i + 1}`}
              allowDeselect={false}
              data={[...comparisons]}
              value={constraint.comparison}
              onChange={(comparison) =>
                onChange({
                  constraints: constraints.with(i, { ...constraint, comparison: comparison as Comparison }),
                })
              }
            />
            <NumberInput
              aria-label={`Bound of constraint ${i + 1}`}
              hideControls
              value={constraint.bound}
              onChange={(bound) =>
                typeof bound === 'number' &&
                onChange({ constraints: constraints.with(i, { ...constraint, bound }) })
              }
            />
            <RemoveButton
              label={`Remove constraint ${i + 1}`}
              onClick={() => onChange({ constraints: constraints.toSpliced(i, 1) })}
            />
          </div>
        ))}
      </Section>
    </>
  );
}

export function AddButton({ label, onClick }: { readonly label: string; onClick(): void }) {
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      ml="auto"
      leftSection={<IconPlus size={13} />}
      onClick={onClick}
    >
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
