import { Button, MultiSelect, NumberInput, SegmentedControl, Slider, Switch, TagsInput } from '@mantine/core';
import type { CurveAxis } from '../../../charts/curves/curve-view.ts';
import type { CurveChoice, readCurvesSearch } from '../curves-search.ts';
import classes from './curves.module.css';

export type CurvesSearch = ReturnType<typeof readCurvesSearch>;

export interface CurveControlsProps {
  readonly search: CurvesSearch;
  readonly metrics: readonly string[];
  readonly shownMetrics: readonly string[];
  readonly choice: CurveChoice;
  readonly count: number;
  onChange(change: { readonly [Key in keyof CurvesSearch]?: CurvesSearch[Key] | undefined }): void;
}

const choices = [
  { value: 'newest', label: 'Newest' },
  { value: 'running', label: 'Running' },
  { value: 'best', label: 'Best' },
  { value: 'chosen', label: 'Chosen' },
];
const axes = [
  { value: 'step', label: 'Step' },
  { value: 'time', label: 'Time' },
  { value: 'relative', label: 'Relative' },
];

/** What the curves show, and how. */
export function CurveControls(props: CurveControlsProps) {
  const { search, metrics, shownMetrics, choice, count, onChange } = props;
  return (
    <div className={classes.controls}>
      <div className={classes.group}>
        <MultiSelect
          aria-label="Metrics"
          placeholder={shownMetrics.length === 0 ? 'Metrics' : ''}
          data={[...new Set([...metrics, ...shownMetrics])]}
          value={[...shownMetrics]}
          onChange={(chosen) => onChange({ metrics: chosen.length > 0 ? chosen : undefined })}
          miw={180}
          maw={420}
          searchable
        />
        <SegmentedControl
          aria-label="Whose curves"
          data={choices}
          value={choice}
          onChange={(value) => onChange({ show: value === 'newest' ? undefined : (value as CurveChoice) })}
        />
        {(choice === 'newest' || choice === 'best') && (
          <NumberInput
            aria-label="How many trials"
            w={84}
            min={1}
            max={3000}
            value={count}
            onChange={(value) =>
              typeof value === 'number' && value >= 1 && onChange({ count: Math.min(3000, value) })
            }
          />
        )}
        {choice === 'chosen' && (
          <TagsInput
            aria-label="Numbers of the chosen trials"
            placeholder="Trial numbers"
            miw={180}
            value={(search.trials ?? []).map(String)}
            onChange={(tags) => onChange({ trials: numbersOf(tags) })}
          />
        )}
      </div>
      <div className={classes.group}>
        <SegmentedControl
          aria-label="Along the axis"
          data={axes}
          value={search.axis ?? 'step'}
          onChange={(value) =>
            onChange({ axis: value === 'step' ? undefined : (value as CurveAxis), zoom: undefined })
          }
        />
        <Switch
          label="Log x"
          size="xs"
          checked={search.logX === true}
          disabled={search.axis === 'time'}
          onChange={(event) => onChange({ logX: event.currentTarget.checked || undefined, zoom: undefined })}
        />
        <Switch
          label="Log y"
          size="xs"
          checked={search.logY === true}
          onChange={(event) => onChange({ logY: event.currentTarget.checked || undefined })}
        />
        <div className={classes.smoothing}>
          <span>Smoothing</span>
          <Slider
            className={classes.slider!}
            thumbLabel="Smoothing"
            size="sm"
            min={0}
            max={0.99}
            step={0.01}
            label={(value) => value.toFixed(2)}
            value={search.smoothing ?? 0}
            onChange={(value) => onChange({ smoothing: value > 0 ? value : undefined })}
          />
        </div>
        {search.zoom !== undefined && (
          <Button variant="default" onClick={() => onChange({ zoom: undefined })}>
            Whole range
          </Button>
        )}
      </div>
    </div>
  );
}

function numbersOf(tags: readonly string[]): number[] | undefined {
  const numbers = tags.flatMap((tag) => tag.split(/[\s,]+/)).map(Number);
  const valid = [...new Set(numbers.filter((number) => Number.isInteger(number) && number >= 0))];
  return valid.length > 0 ? valid : undefined;
}
