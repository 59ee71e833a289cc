import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { BrushRange } from '../../../charts/data/brush.ts';
import { formatValue } from '../../../format/number.ts';

/** An axis on which a range can be chosen. */
export interface RangeAxis {
  readonly name: string;
  readonly range: readonly [low: number, high: number];
  /** Of choices, each at its place; empty for numbers. */
  readonly labels: readonly string[];
}

export interface RangeFormProps {
  readonly axes: readonly RangeAxis[];
  /** Whose axis is asked about at first. */
  readonly axis: string;
  readonly brush: readonly BrushRange[];
  /** All ranges of an axis, instead of those that it had. */
  onApply(axis: string, ranges: readonly BrushRange[]): void;
}

/** Asks for a range of an axis in numbers, or for some of its choices: what a drag along the axis does. */
export function RangeForm({ axes, axis: first, brush, onApply }: RangeFormProps) {
  const [name, setName] = useState(first);
  const axis = axes.find((other) => other.name === name) ?? axes[0]!;
  return (
    <Stack gap="xs" w={240}>
      <Select
        label="Parameter or metric"
        data={axes.map((other) => other.name)}
        value={axis.name}
        onChange={(chosen) => setName(chosen ?? first)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data-autofocus
      />
      <AxisForm
        key={axis.name}
        axis={axis}
        ranges={brush.filter((range) => range.axis === axis.name)}
        onApply={(ranges) => onApply(axis.name, ranges)}
      />
    </Stack>
  );
}

interface AxisFormProps {
  readonly axis: RangeAxis;
  readonly ranges: readonly BrushRange[];
  onApply(ranges: readonly BrushRange[]): void;
}

function AxisForm({ axis: { name, labels, range }, ranges, onApply }: AxisFormProps) {
  const [low, setLow] = useState(ranges[0] === undefined ? '' : String(ranges[0].low));
  const [high, setHigh] = useState(ranges[0] === undefined ? '' : String(ranges[0].high));
  const [places, setPlaces] = useState<readonly number[]>(() =>
    [...labels.keys()].filter((place) => ranges.some((own) => own.low <= place && place <= own.high)),
  );
  const from = numberOf(low, range[0]);
  const to = numberOf(high, range[1]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (labels.length > 0) {
      onApply(places.map((place) => ({ axis: name, low: place - 0.4, high: place + 0.4 })));
    } else if (from !== null && to !== null) {
      const isWhole = low.trim() === '' && high.trim() === '';
      onApply(isWhole ? [] : [{ axis: name, low: Math.min(from, to), high: Math.max(from, to) }]);
    }
  };
  return (
    <form onSubmit={submit}>
      {labels.length > 0 ? (
        <Stack gap={6} mah={240} style={{ overflow: 'auto' }}>
          {labels.map((label, place) => (
            <Checkbox
              key={label}
              label={label}
              checked={places.includes(place)}
              onChange={({ currentTarget }) =>
                setPlaces(
                  currentTarget.checked ? [...places, place] : places.filter((other) => other !== place),
                )
              }
            />
          ))}
        </Stack>
      ) : (
        <Group gap="xs" grow wrap="nowrap" align="flex-start">
          <TextInput
            label="From"
            inputMode="decimal"
            placeholder={formatValue(range[0], 3)}
            value={low}
            error={from === null && 'no number'}
            onChange={(event) => setLow(event.currentTarget.value)}
          />
          <TextInput
            label="To"
            inputMode="decimal"
            placeholder={formatValue(range[1], 3)}
            value={high}
            error={to === null && 'no number'}
            onChange={(event) => setHigh(event.currentTarget.value)}
          />
        </Group>
      )}
      <Group justify="flex-end" mt="xs">
        <Button type="submit">Apply</Button>
      </Group>
    </form>
  );
}

/** Null where the text is no number. */
function numberOf(text: string, whereEmpty: number): number | null {
  if (text.trim() === '') return whereEmpty;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
