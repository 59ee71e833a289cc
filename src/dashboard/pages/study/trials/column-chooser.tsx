import { ActionIcon, Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconColumns3, IconGripVertical } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
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
  const [search, setSearch] = useState('');
  const [dragged, setDragged] = useState<string | null>(null);
  const byId = new Map(all.map((column) => [column.id, column]));
  const shownColumns = shown.flatMap((id) => byId.get(id) ?? []);
  const others = all.filter(({ id }) => !shown.includes(id));
  const matching = (column: TrialColumn) => column.label.toLowerCase().includes(search.toLowerCase());
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
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={14} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Columns">
        <div className={classes.head}>
          <TextInput
            placeholder="Find a column"
            aria-label="Find a column"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Button variant="subtle" color="gray" onClick={() => onChoose(undefined)}>
            Reset
          </Button>
        </div>
        <ul className={classes.list} aria-label="Shown columns">
          {shownColumns.filter(matching).map((column) => {
            const index = shown.indexOf(column.id);
            return (
              <li
                key={column.id}
                className={classes.item}
                draggable={search === ''}
                data-dragged={dragged === column.id || undefined}
                onDragStart={() => setDragged(column.id)}
                onDragEnd={() => setDragged(null)}
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => onDrop(event, index)}
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
          })}
          {others.filter(matching).map((column) => (
            <li key={column.id} className={classes.item}>
              <span className={classes.grip} />
              <Checkbox
                className={classes.box}
                label={column.label}
                checked={false}
                onChange={() => onChoose([...shown, column.id])}
              />
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
