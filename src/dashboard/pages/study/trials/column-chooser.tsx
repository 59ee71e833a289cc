import { ActionIcon, Checkbox } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconColumns3, IconGripVertical } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { ChoicePopover } from '../../../parts/choice-popover.tsx';
import classes from './column-chooser.module.css';
import type { TrialColumn } from './trial-columns.ts';

export interface ColumnChooserProps {
  readonly all: readonly TrialColumn[];
  /** Ids of those that are shown, in order. */
  readonly shown: readonly string[];
  /** Undefined: the usual ones. */
  onChoose(ids: readonly string[] | undefined): void;
}

/** Chooses the columns and their order: by dragging, or by the arrows beside each. */
export function ColumnChooser({ all, shown, onChoose }: ColumnChooserProps) {
  const [dragged, setDragged] = useState<string | null>(null);
  const byId = new Map(all.map((column) => [column.id, column]));
  const shownColumns = shown.flatMap((id) => byId.get(id) ?? []);
  const others = all.filter(({ id }) => !shown.includes(id));
  const move = (id: string, to: number) => {
    const rest = shown.filter((other) => other !== id);
    onChoose([...rest.slice(0, to), id, ...rest.slice(to)]);
  };
  const onDrop = (event: DragEvent, index: number) => {
    event.preventDefault();
    if (dragged !== null) move(dragged, index);
    setDragged(null);
  };
  return (
    <ChoicePopover
      label="Columns"
      icon={<IconColumns3 size={14} />}
      title="Columns"
      one="column"
      onReset={() => onChoose(undefined)}
    >
      {({ isEmpty, matches }) => [
        ...shownColumns
          .filter(({ label }) => matches(label))
          .map((column) => {
            const index = shown.indexOf(column.id);
            return (
              <li
                key={column.id}
                draggable={isEmpty}
                data-dragged={dragged === column.id || undefined}
                onDragStart={() => setDragged(column.id)}
                onDragEnd={() => setDragged(null)}
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => onDrop(event, index)}
                className={classes.shown}
              >
                <IconGripVertical size={13} className={classes.grip} aria-hidden />
                <Checkbox
                  className={classes.box}
                  label={column.label}
                  checked
                  disabled={shown.length === 1}
                  onChange={() => onChoose(shown.filter((id) => id !== column.id))}
                />
                <ActionIcon
                  size="xs"
                  aria-label={`Move ${column.label} up`}
                  disabled={index === 0}
                  onClick={() => move(column.id, index - 1)}
                >
                  <IconChevronUp size={13} />
                </ActionIcon>
                <ActionIcon
                  size="xs"
                  aria-label={`Move ${column.label} down`}
                  disabled={index === shown.length - 1}
                  onClick={() => move(column.id, index + 1)}
                >
                  <IconChevronDown size={13} />
                </ActionIcon>
              </li>
            );
          }),
        ...others
          .filter(({ label }) => matches(label))
          .map((column) => (
            <li key={column.id}>
              <span className={classes.grip} />
              <Checkbox
                className={classes.box}
                label={column.label}
                checked={false}
                onChange={() => onChoose([...shown, column.id])}
              />
            </li>
          )),
      ]}
    </ChoicePopover>
  );
}
