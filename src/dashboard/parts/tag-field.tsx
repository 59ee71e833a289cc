import { TagsInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from './tag-field.module.css';

export interface TagFieldProps {
  readonly tags: readonly string[];
  /** Those that are in use already, to choose from. */
  readonly known: readonly string[];
  /** When someone is about to choose: time to ask which tags are known. */
  onFocus(): void;
  /** @returns whether they are saved */
  onSave(tags: readonly string[]): Promise<boolean>;
}

/** Tags that are saved as soon as one comes or goes; they are shown as chosen while that is on its way. */
export function TagField({ tags, known, onFocus, onSave }: TagFieldProps) {
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const saved = tags.join('\n');
  useEffect(() => setChosen((old) => (old?.join('\n') === saved ? null : old)), [saved]);
  const shown = chosen ?? tags;
  const save = async (next: readonly string[]) => {
    setChosen(next);
    if (!(await onSave(next))) setChosen(null);
  };
  return (
    <TagsInput
      label="Tags"
      classNames={{ input: classes.input! }}
      placeholder={shown.length === 0 ? 'Add a tag' : ''}
      data={[...known]}
      value={[...shown]}
      onFocus={onFocus}
      onChange={(next) => void save(next)}
    />
  );
}
