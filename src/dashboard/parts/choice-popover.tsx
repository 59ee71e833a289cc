import { Button, Popover, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import classes from './choice-popover.module.css';

export interface ChoicePopoverProps {
  /** Of the button that opens it. */
  readonly label: ReactNode;
  readonly icon: ReactNode;
  /** What can be chosen, such as Columns. */
  readonly title: string;
  /** One of it, as in "Find a column". */
  readonly one: string;
  /** Back to those that are usual. */
  onReset(): void;
  /** Items of a list: of what there is, what matches the search. */
  children(search: Search): ReactNode;
}

export interface Search {
  readonly isEmpty: boolean;
  matches(name: string): boolean;
}

/** A button that opens a list to choose from, with a search and a way back to the usual choice. */
export function ChoicePopover({ label, icon, title, one, onReset, children }: ChoicePopoverProps) {
  const [text, setText] = useState('');
  const part = text.trim().toLowerCase();
  const search: Search = { isEmpty: part === '', matches: (name) => name.toLowerCase().includes(part) };
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={icon}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={title}>
        <div className={classes.head}>
          <TextInput
            flex={1}
            placeholder={`Find a ${one}`}
            aria-label={`Find a ${one}`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button variant="subtle" color="gray" onClick={onReset}>
            Reset
          </Button>
        </div>
        <ul className={classes.list} aria-label={title} data-nothing={`No ${one} is called so.`}>
          {children(search)}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
