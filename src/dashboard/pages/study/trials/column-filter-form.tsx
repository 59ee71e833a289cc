import { Button, Checkbox, Group, Stack, TagsInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { JsonScalar } from '../../../../client/index.ts';
import { formatParam } from '../../../format/param.ts';
import { compact } from '../../../shell/search-params.ts';
import type { ColumnFilter } from '../trials-search.ts';
import type { FilterKind, TrialColumn } from './trial-columns.ts';

export interface ColumnFilterFormProps {
  readonly column: TrialColumn;
  readonly filter: ColumnFilter | undefined;
  readonly suggestions: readonly string[];
  /** Undefined: no filter. */
  onApply(filter: ColumnFilter | undefined): void;
}

/** Asks for what a column is to be filtered by. */
export function ColumnFilterForm({ column, filter, suggestions, onApply }: ColumnFilterFormProps) {
  const { filter: kind, choices = [] } = column;
  const [low, setLow] = useState(asText(filter?.min, kind));
  const [high, setHigh] = useState(asText(filter?.max, kind));
  const [any, setAny] = useState<readonly JsonScalar[]>(filter?.any ?? []);
  const [text, setText] = useState(filter?.text ?? '');
  const min = asNumber(low, kind);
  const max = asNumber(high, kind);
  const isFaulty = min === null || max === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isFaulty) return;
    const next = compact({
      min,
      max,
      any: any.length > 0 ? any : undefined,
      text: text === '' ? undefined : text,
    });
    onApply(Object.keys(next).length > 0 ? next : undefined);
  };
  const [unit, type] =
    kind === 'duration' ? [' (s)', 'text'] : ['', kind === 'time' ? 'datetime-local' : 'text'];
  return (
    <form onSubmit={submit}>
      <Stack gap="xs" miw={200}>
        {isRange(kind) && (
          <Group gap="xs" grow wrap="nowrap" maw={kind === 'time' ? 380 : 240} align="flex-start">
            <TextInput
              label={`From${unit}`}
              type={type}
              value={low}
              error={min === null && 'no number'}
              onChange={(event) => setLow(event.currentTarget.value)}
              data-autofocus
            />
            <TextInput
              label={`To${unit}`}
              type={type}
              value={high}
              error={max === null && 'no number'}
              onChange={(event) => setHigh(event.currentTarget.value)}
            />
          </Group>
        )}
        {kind === 'choice' && (
          <Stack gap={6} mah={280} style={{ overflow: 'auto' }}>
            {choices.map((choice) => (
              <Checkbox
                key={JSON.stringify(choice)}
                label={formatParam(choice)}
                checked={any.includes(choice)}
                onChange={({ currentTarget }) =>
                  setAny(currentTarget.checked ? [...any, choice] : any.filter((other) => other !== choice))
                }
              />
            ))}
          </Stack>
        )}
        {(kind === 'devices' || kind === 'tags') && (
          <TagsInput
            label={kind === 'tags' ? 'Has all of these tags' : 'Ran on one of these'}
            data={[...suggestions]}
            value={any.map(String)}
            onChange={setAny}
            maw={260}
            comboboxProps={{ withinPortal: false }}
            data-autofocus
          />
        )}
        {kind === 'text' && (
          <TextInput
            label="Contains"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
          />
        )}
        <Group gap="xs" justify="flex-end">
          {filter !== undefined && (
            <Button variant="subtle" color="gray" onClick={() => onApply(undefined)}>
              Clear
            </Button>
          )}
          <Button type="submit">Apply</Button>
        </Group>
      </Stack>
    </form>
  );
}

export const isRange = (kind: FilterKind): boolean => ['number', 'duration', 'time'].includes(kind);

function asText(value: number | undefined, kind: FilterKind): string {
  if (value === undefined) return '';
  if (kind === 'duration') return String(value / 1000);
  if (kind !== 'time') return String(value);
  // The input speaks the viewer's time.
  return new Date(value - new Date(value).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Undefined where nothing is given; null where that is no number. */
function asNumber(text: string, kind: FilterKind): number | null | undefined {
  if (text.trim() === '') return undefined;
  const value = kind === 'time' ? Date.parse(text) : Number(text);
  if (!Number.isFinite(value)) return null;
  return kind === 'duration' ? value * 1000 : value;
}
