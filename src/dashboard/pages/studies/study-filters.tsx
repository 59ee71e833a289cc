import { CloseButton, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { StudyState } from '../../../client/index.ts';
import { useLiveQuery } from '../../live/use-live-query.ts';
import { studyTags } from '../../operations/studies.ts';
import { type Change, compact } from '../../shell/search-params.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { useSettled } from '../../shell/use-settled.ts';
import { type readStudiesSearch, studyOrders, studyStates } from './studies-search.ts';
import classes from './study-filters.module.css';

type Search = ReturnType<typeof readStudiesSearch>;

const route = getRouteApi('/studies');
const orderNames = { updated: 'Last changed', created: 'Newest', name: 'Name' };
const stateNames = { CREATED: 'Created', RUNNING: 'Running', PAUSED: 'Paused', FINISHED: 'Finished' };

/** What of the studies is shown, kept in the page's address. */
export function StudyFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isTagging, setIsTagging] = useState(false);
  const known = useLiveQuery(studyTags, {}, { enabled: isTagging });
  const input = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Search', () => input.current?.focus());
  const change = (part: Change<Search>) =>
    void navigate({ search: (old) => compact({ ...old, ...part }) as Search, replace: true });
  const [text = '', setText] = useSettled(search.q, (q) => change({ q }));

  return (
    <search className={classes.filters}>
      <TextInput
        ref={input}
        className={classes.text}
        aria-label="Search by name"
        placeholder="Search by name"
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value || undefined)}
        rightSection={
          text !== '' && <CloseButton size="xs" aria-label="Clear" onClick={() => setText(undefined)} />
        }
      />
      <MultiSelect
        className={classes.states}
        aria-label="States"
        placeholder={search.states ? '' : 'Any state'}
        data={studyStates.map((value) => ({ value, label: stateNames[value] }))}
        value={[...(search.states ?? [])]}
        onChange={(states) => change({ states: states.length > 0 ? (states as StudyState[]) : undefined })}
        clearable
      />
      <TagsInput
        className={classes.tags}
        aria-label="Tags"
        placeholder={search.tags ? '' : 'Any tags'}
        data={[...(known.data?.studyTags ?? [])]}
        onFocus={() => setIsTagging(true)}
        value={[...(search.tags ?? [])]}
        onChange={(tags) => change({ tags: tags.length > 0 ? tags : undefined })}
        clearable
      />
      <Select
        className={classes.order}
        aria-label="Order"
        data={studyOrders.map((value) => ({ value, label: orderNames[value] }))}
        value={search.order ?? 'updated'}
        allowDeselect={false}
        onChange={(order) => change({ order: order === 'updated' ? undefined : (order as Search['order']) })}
      />
    </search>
  );
}
