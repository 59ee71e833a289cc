import { Button, SegmentedControl, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CurveAxis } from '../charts/curves/curve-view.ts';
import type { Change } from '../shell/search-params.ts';
import classes from './curve-axis-controls.module.css';
import type { readCurveAxes } from './curve-axis-search.ts';

type CurveAxes = Change<ReturnType<typeof readCurveAxes>>;

export interface CurveAxisControlsProps {
  readonly search: CurveAxes;
  /** More that can be chosen. */
  readonly children?: ReactNode;
  /** A change of the address. */
  onChange(change: CurveAxes): void;
}

const axes: readonly { readonly value: CurveAxis; readonly label: string }[] = [
  { value: 'step', label: 'Step' },
  { value: 'time', label: 'Time' },
  { value: 'relative', label: 'Relative' },
];

/** Along what curves are drawn, and the way back from a zoom. */
export function CurveAxisControls({ search, children, onChange }: CurveAxisControlsProps) {
  const { axis = 'step', logY = false, zoom } = search;
  return (
    <div className={classes.controls}>
      <SegmentedControl
        aria-label="Along the axis"
        data={[...axes]}
        value={axis}
        onChange={(value) =>
          onChange({ axis: value === 'step' ? undefined : (value as CurveAxis), zoom: undefined })
        }
      />
      <Switch
        label="Log y"
        checked={logY}
        onChange={({ currentTarget }) => onChange({ logY: currentTarget.checked || undefined })}
      />
      {children}
      {zoom !== undefined && (
        <Button variant="default" onClick={() => onChange({ zoom: undefined })}>
          Whole range
        </Button>
      )}
    </div>
  );
}
