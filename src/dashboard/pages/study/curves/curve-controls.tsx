import { MultiSelect, NumberInput, SegmentedControl, Slider, Switch, TagsInput } from '@mantine/core';
import { CurveAxisControls } from '../../../parts/curve-axis-controls.tsx';
import type { Change } from '../../../shell/search-params.ts';
import type { CurveChoice, readCurvesSearch } from '../curves-search.ts';
import classes from './curves.module.css';

export type CurvesSearch = ReturnType<typeof readCurvesSearch>;

export interface CurveControlsProps {
  readonly search: Change<CurvesSearch>;
  readonly metrics: readonly string[];
  readonly shownMetrics: readonly string[];
  readonly choice: CurveChoice;
  readonly count: number;
  readonly smoothing: number;
  onChange(change: Change<CurvesSearch>): void;
  onSmoothing(smoothing: number | undefined): void;
}

const choices = [
  { value: 'newest', label: 'Newest' },
  { value: 'running', label: 'Running' },
  { value: 'best', label: 'Best' },
  { value: 'chosen', label: 'Chosen' },
];

/** What the curves show, and how. */
export function CurveControls(props: CurveControlsProps) {
  const { search, metrics, shownMetrics, choice, count, smoothing, onChange, onSmoothing } = props;
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
            w={96}
            leftSection="up to"
            leftSectionWidth={44}
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
      <CurveAxisControls search={search} onChange={onChange}>
        <Switch
          label="Log x"
          checked={search.logX === true}
          disabled={search.axis === 'time'}
          onChange={(event) => onChange({ logX: event.currentTarget.checked || undefined, zoom: undefined })}
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
            value={smoothing}
            onChange={(value) => onSmoothing(value > 0 ? value : undefined)}
          />
        </div>
      </CurveAxisControls>
    </div>
  );
}

function numbersOf(tags: readonly string[]): number[] | undefined {
  const numbers = tags.flatMap((tag) => tag.split(/[\s,]+/)).map(Number);
  const valid = [...new Set(numbers.filter((number) => Number.isInteger(number) && number >= 0))];
  return valid.length > 0 ? valid : undefined;
}
