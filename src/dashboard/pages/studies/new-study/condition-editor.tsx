import { Button, Popover, Select, TextInput } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import type { Json, JsonScalar } from '../../../../client/index.ts';
import {
  type ConditionPart,
  conditionParts,
  conditionText,
  type Operator,
  operatorSigns,
  whenOf,
} from '../../../parts/condition.ts';
import { choiceOf } from './choice-text.ts';
import classes from './condition-editor.module.css';
import { AddButton, RemoveButton } from './goals.tsx';
import type { JsonFields } from './json-fields.ts';

export interface ConditionEditorProps {
  readonly name: string;
  readonly when: Json | undefined;
  /** The parameters that it may depend on. */
  readonly parents: readonly string[];
  onChange(when: JsonFields | undefined): void;
}

/** Under which values of other parameters a parameter exists. */
export function ConditionEditor({ name, when, parents, onChange }: ConditionEditorProps) {
  const parts = conditionParts(when);
  const change = (next: readonly ConditionPart[]) => onChange(whenOf(next));
  const set = (i: number, part: Partial<ConditionPart>) => change(parts.with(i, { ...parts[i]!, ...part }));
  return (
    <Popover position="bottom-end" width={400} shadow="md" trapFocus withRoles>
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-xs"
          color={parts.length > 0 ? 'indigo' : 'gray'}
          className={classes.target!}
          classNames={{ label: classes.label! }}
          aria-label={`Condition of ${name}: ${conditionText(when) || 'always there'}`}
          leftSection={<IconGitBranch size={13} />}
        >
          {conditionText(when) || 'always'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 16px)" aria-label={`Condition of ${name}`}>
        <p className={classes.intro}>
          <b>{name}</b> exists {parts.length === 0 ? 'in every trial.' : 'only where'}
        </p>
        {parts.map((part, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parents may be equal while they are edited
          <div key={i} className={classes.part}>
            <Select
              aria-label="Parameter"
              searchable
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              data={[...parents]}
              value={part.parent}
              onChange={(parent) => set(i, { parent: parent! })}
            />
            <Select
              aria-label="Comparison"
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              data={Object.entries(operatorSigns).map(([value, label]) => ({ value, label }))}
              value={part.operator}
              onChange={(operator) => set(i, operatorChange(operator as Operator, part.value))}
            />
            <TextInput
              key={`${part.parent} ${part.operator}`}
              aria-label="Value"
              defaultValue={
                Array.isArray(part.value) ? part.value.map(String).join(', ') : String(part.value)
              }
              onBlur={(event) => set(i, { value: testedValue(part.operator, event.currentTarget.value) })}
            />
            <RemoveButton label="Remove this condition" onClick={() => change(parts.toSpliced(i, 1))} />
          </div>
        ))}
        {parents.length > 0 && (
          <AddButton
            label="Condition"
            onClick={() => {
              const parent =
                parents.find((other) => !parts.some((part) => part.parent === other)) ?? parents[0]!;
              change([...parts, { parent, operator: 'is', value: '' }]);
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function operatorChange(operator: Operator, value: ConditionPart['value']): Partial<ConditionPart> {
  const list = (Array.isArray(value) ? value : [value]) as readonly JsonScalar[];
  return { operator, value: operator === 'in' ? list : (list[0] ?? '') };
}

function testedValue(operator: Operator, text: string): ConditionPart['value'] {
  if (operator !== 'in') return choiceOf(text.trim());
  return text.split(',').map((item) => choiceOf(item.trim()));
}
