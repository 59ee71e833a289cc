import { Button, Checkbox, Popover, Stack, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './analysis.module.css';

export interface AxisChooserProps {
  /** All parameters, those that matter most first where that is known. */
  readonly names: readonly string[];
  readonly shown: readonly string[];
  /** Undefined: those that are usual. */
  onChoose(names: readonly string[] | undefined): void;
}

/** Chooses the parameters that a chart of many shows. */
export function AxisChooser({ names, shown, onChoose }: AxisChooserProps) {
  const [search, setSearch] = useState('');
  const toggle = (name: string, isShown: boolean) =>
    onChoose(isShown ? [...shown, name] : shown.filter((other) => other !== name));
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconAdjustmentsHorizontal size={14} />}>
          {shown.length} of {names.length} parameters
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label="Parameters">
        <Stack gap="xs" w={240}>
          <div className={classes.chips}>
            <TextInput
              flex={1}
              placeholder="Find a parameter"
              aria-label="Find a parameter"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <Button variant="subtle" color="gray" onClick={() => onChoose(undefined)}>
              Reset
            </Button>
          </div>
          <Stack gap={6} mah={320} style={{ overflow: 'auto' }}>
            {names
              .filter((name) => name.toLowerCase().includes(search.toLowerCase()))
              .map((name) => (
                <Checkbox
                  key={name}
                  label={name}
                  checked={shown.includes(name)}
                  disabled={shown.length === 1 && shown[0] === name}
                  onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
                />
              ))}
          </Stack>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
