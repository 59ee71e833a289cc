import { Checkbox } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { ChoicePopover } from '../../../parts/choice-popover.tsx';

export interface AxisChooserProps {
  /** All parameters, those that matter most first where that is known. */
  readonly names: readonly string[];
  readonly shown: readonly string[];
  /** Undefined: those that are usual. */
  onChoose(names: readonly string[] | undefined): void;
}

/** Chooses the parameters that a chart of many shows. */
export function AxisChooser({ names, shown, onChoose }: AxisChooserProps) {
  const toggle = (name: string, isShown: boolean) =>
    onChoose(isShown ? [...shown, name] : shown.filter((other) => other !== name));
  return (
    <ChoicePopover
      label={`${shown.length} of ${names.length} parameters`}
      icon={<IconAdjustmentsHorizontal size={14} />}
      title="Parameters"
      one="parameter"
      onReset={() => onChoose(undefined)}
    >
      {({ matches }) =>
        names.filter(matches).map((name) => (
          <li key={name}>
            <Checkbox
              label={name}
              checked={shown.includes(name)}
              disabled={shown.length === 1 && shown[0] === name}
              onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
            />
          </li>
        ))
      }
    </ChoicePopover>
  );
}
