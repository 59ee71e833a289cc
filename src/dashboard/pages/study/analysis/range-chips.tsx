import { Button, CloseButton, Popover } from '@mantine/core';
import { IconFilterPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { BrushRange } from '../../../charts/data/brush.ts';
import { formatValue } from '../../../format/number.ts';
import { useShortcut } from '../../../shell/shortcuts.tsx';
import classes from './analysis.module.css';
import { type RangeAxis, RangeForm } from './range-form.tsx';

export interface RangeChipsProps {
  readonly axes: readonly RangeAxis[];
  readonly brush: readonly BrushRange[];
  onBrush(brush: readonly BrushRange[]): void;
}

/** The ranges that trials must lie in, each to be changed or taken away, and a way to add one without dragging. */
export function RangeChips({ axes, brush, onBrush }: RangeChipsProps) {
  const [asked, setAsked] = useState<string | null>(null);
  useShortcut('r', 'Keep the trials in a range', () => setAsked(axes[0]?.name ?? null));
  const names = [...new Set(brush.map(({ axis }) => axis))];
  const without = (name: string) => brush.filter(({ axis }) => axis !== name);
  return (
    <div className={classes.chips}>
      {names.map((name) => (
        <span key={name} className={classes.chip}>
          <button type="button" title="Change this range" onClick={() => setAsked(name)}>
            {name} <b>{rangeText(axes, brush, name)}</b>
          </button>
          <CloseButton
            size="xs"
            aria-label={`Take the range of ${name} away`}
            onClick={() => onBrush(without(name))}
          />
        </span>
      ))}
      {names.length > 1 && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onBrush([])}>
          Clear
        </Button>
      )}
      <Popover
        opened={asked !== null}
        onChange={(isOpen) => !isOpen && setAsked(null)}
        position="bottom-end"
        shadow="md"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconFilterPlus size={13} />}
            onClick={() => setAsked(asked === null ? (axes[0]?.name ?? null) : null)}
          >
            Range
          </Button>
        </Popover.Target>
        <Popover.Dropdown p="sm" aria-label="Keep the trials in a range">
          {asked !== null && (
            <RangeForm
              key={asked}
              axes={axes}
              axis={asked}
              brush={brush}
              onApply={(name, ranges) => {
                onBrush([...without(name), ...ranges]);
                setAsked(null);
              }}
            />
          )}
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function rangeText(axes: readonly RangeAxis[], brush: readonly BrushRange[], name: string): string {
  const labels = axes.find((axis) => axis.name === name)?.labels ?? [];
  const own = brush.filter(({ axis }) => axis === name);
  if (labels.length > 0) {
    return labels.filter((_, place) => own.some(({ low, high }) => place >= low && place <= high)).join(', ');
  }
  return own.map(({ low, high }) => `${formatValue(low, 3)} – ${formatValue(high, 3)}`).join(', ');
}
