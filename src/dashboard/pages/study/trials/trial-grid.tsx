import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { GridRow } from './grid-row.tsx';
import type { TrialColumn } from './trial-columns.ts';
import classes from './trial-grid.module.css';
import type { TrialRows } from './trial-rows.ts';

const rowHeight = 34;
/** Rows beyond both ends of what is in sight, so that scrolling does not show gaps. */
const overscan = 12;

export interface TrialGridProps {
  readonly rows: TrialRows;
  /** How many rows are drawn as places before it is known how many there are. */
  readonly expectedCount: number;
  readonly columns: readonly TrialColumn[];
  readonly selected: ReadonlySet<number>;
  /** Scrolls; the one who reads the rows moves it when rows come or go above. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  onSelect(numbers: ReadonlySet<number>): void;
  head(column: TrialColumn): ReactNode;
  readonly label: string;
}

/** A table of any length, of which only the rows in sight are drawn. Arrows move, space selects, enter opens. */
export function TrialGrid(props: TrialGridProps) {
  const { rows, expectedCount, columns, selected, scroller, onSelect, head, label } = props;
  const navigate = useNavigate();
  const count = rows.totalCount ?? expectedCount;
  const [active, setActive] = useState(0);
  /** Where a range began that shift extends. */
  const anchor = useRef(0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    scrollPaddingStart: rowHeight,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 50;
  const range = virtualizer.range;
  useEffect(() => {
    rows.look(range?.startIndex ?? first, Math.max(last, 30));
  }, [rows, first, last, range?.startIndex]);

  const select = (index: number, how: 'toggle' | 'extend') => {
    const next = new Set(selected);
    const from = how === 'extend' ? Math.min(anchor.current, index) : index;
    const to = how === 'extend' ? Math.max(anchor.current, index) : index;
    for (let i = from; i <= to; i++) {
      const number = rows.row(i)?.number;
      if (number === undefined) continue;
      if (how === 'toggle' && next.has(number)) next.delete(number);
      else next.add(number);
    }
    if (how === 'toggle') anchor.current = index;
    onSelect(next);
  };
  const move = (to: number, isExtending: boolean) => {
    const index = Math.max(0, Math.min(count - 1, to));
    setActive(index);
    virtualizer.scrollToIndex(index);
    if (isExtending) select(index, 'extend');
    else anchor.current = index;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const perPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + perPage,
      PageUp: active - perPage,
      Home: 0,
      End: count - 1,
    };
    const step = steps[event.key];
    const trial = rows.row(active);
    if (step !== undefined) move(step, event.shiftKey);
    else if (event.key === ' ') select(active, event.shiftKey ? 'extend' : 'toggle');
    else if (event.key === 'Enter' && trial !== undefined) {
      void navigate({ to: '/trials/$id', params: { id: trial.id } });
    } else if (event.key === 'Escape') onSelect(new Set());
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const latestClick = useRef<(event: MouseEvent, index: number) => void>(() => {});
  latestClick.current = (event: MouseEvent, index: number) => {
    setActive(index);
    if ((event.target as HTMLElement).closest('a') !== null) return;
    const isBox = (event.target as HTMLElement).closest('[data-check]') !== null;
    if (event.shiftKey) {
      window.getSelection()?.removeAllRanges();
      select(index, 'extend');
    } else if (isBox || event.ctrlKey || event.metaKey) select(index, 'toggle');
    else anchor.current = index;
  };
  const onRowClick = useCallback((event: MouseEvent, index: number) => latestClick.current(event, index), []);

  return (
    <div
      ref={scroller}
      className={classes.grid}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={active >= first && active <= last ? `trial-row-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid="trial-grid"
    >
      <div className={classes.head} role="row" aria-rowindex={1}>
        <div
          className={`${classes.cell} ${classes.pinned} ${classes.check}`}
          role="columnheader"
          aria-label="Selected"
        />
        {columns.map((column) => head(column))}
      </div>
      <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const trial = rows.row(index);
          return (
            <GridRow
              key={index}
              index={index}
              start={start}
              trial={trial}
              columns={columns}
              isActive={index === active}
              isSelected={trial !== undefined && selected.has(trial.number)}
              onClick={onRowClick}
            />
          );
        })}
      </div>
    </div>
  );
}
