import { ActionIcon, Button, CloseButton, TextInput, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconArrowBarToDown,
  IconCopy,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
} from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { LogLine } from '../../../../client/index.ts';
import { Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { countOf, formatCount } from '../../../format/number.ts';
import { useSession } from '../../../live/session-context.ts';
import { Store, useStore } from '../../../live/store.ts';
import { copyText } from '../../../parts/copy-text.ts';
import { compact } from '../../../shell/search-params.ts';
import { useSettled } from '../../../shell/use-settled.ts';
import { LogLines } from './log-lines.ts';
import classes from './trial-log.module.css';

const route = getRouteApi('/trials/$id');

const lineHeight = 19;
/** So near to the end, the view goes with it. */
const tailReach = 30;
const nothing = new Store(0);
const noError = new Store<Error | null>(null);
const noLines: readonly LogLine[] = [];

/** The log of a trial, live: it follows the end until someone scrolls up, and can be paused, searched and copied. */
export function TrialLog({ trial, isRunning }: { readonly trial: string; readonly isRunning: boolean }) {
  const { client } = useSession();
  const [log, setLog] = useState<LogLines | null>(null);
  useEffect(() => {
    const opened = new LogLines(client, trial);
    setLog(opened);
    return () => opened.close();
  }, [client, trial]);
  const version = useStore(log?.version ?? nothing);
  const error = useStore(log?.error ?? noError);

  const navigate = route.useNavigate();
  const [search = '', setSearch] = useSettled(
    route.useSearch().log,
    (text) =>
      void navigate({
        search: (old) => compact({ ...old, log: text }),
        replace: true,
        resetScroll: false,
      }),
  );
  /** How many lines there were when it was paused; null while it is live. */
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const [isFollowing, setIsFollowing] = useState(true);
  const all = log?.lines ?? noLines;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the lines have changed
  const lines = useMemo(() => {
    const seen = pausedAt === null ? all : all.slice(0, pausedAt);
    if (search === '') return seen;
    const part = search.toLowerCase();
    return seen.filter(({ text }) => text.toLowerCase().includes(part));
  }, [all, version, search, pausedAt]);

  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what makes the end move
  useEffect(() => {
    const view = scroller.current;
    if (isFollowing && view !== null) view.scrollTop = view.scrollHeight;
  }, [isFollowing, lines.length, version]);
  const onScroll = () => {
    const view = scroller.current!;
    setIsFollowing(view.scrollHeight - view.scrollTop - view.clientHeight < tailReach);
  };

  const copy = async () => {
    await copyText(lines.map(({ text }) => text).join('\n'));
    notifications.show({ message: `Copied ${formatCount(lines.length)} lines.` });
  };
  const waiting = pausedAt === null ? 0 : all.length - pausedAt;
  const note =
    search === ''
      ? countOf(all.length, 'line')
      : `${formatCount(lines.length)} of ${formatCount(all.length)} lines`;
  return (
    <Panel
      title="Log"
      note={error?.message ?? note}
      controls={
        all.length > 0 && (
          <>
            <TextInput
              aria-label="Search the log"
              placeholder="Search"
              leftSection={<IconSearch size={13} />}
              rightSection={
                search !== '' && (
                  <CloseButton size="xs" aria-label="Show all lines" onClick={() => setSearch(undefined)} />
                )
              }
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value || undefined)}
              w={170}
            />
            {isRunning && (
              <Tooltip label={pausedAt === null ? 'Pause' : 'Go on'}>
                <ActionIcon
                  aria-label={pausedAt === null ? 'Pause the log' : 'Go on with the log'}
                  onClick={() => setPausedAt(pausedAt === null ? all.length : null)}
                >
                  {pausedAt === null ? <IconPlayerPause size={15} /> : <IconPlayerPlay size={15} />}
                </ActionIcon>
              </Tooltip>
            )}
            <Tooltip label="Copy these lines">
              <ActionIcon aria-label="Copy the log" onClick={() => void copy()}>
                <IconCopy size={15} />
              </ActionIcon>
            </Tooltip>
          </>
        )
      }
    >
      {all.length === 0 ? (
        <Nothing>{isRunning ? 'It has logged nothing yet.' : 'It has logged nothing.'}</Nothing>
      ) : (
        <div className={classes.frame}>
          <div
            ref={scroller}
            className={classes.lines}
            role="log"
            aria-live="off"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
            tabIndex={0}
            onScroll={onScroll}
          >
            <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
              {virtualizer.getVirtualItems().map(({ index, start }) => (
                <Line key={index} line={lines[index]!} start={start} search={search} />
              ))}
            </div>
          </div>
          {(!isFollowing || waiting > 0) && (
            <Button
              className={classes.follow}
              size="compact-xs"
              leftSection={<IconArrowBarToDown size={13} />}
              onClick={() => {
                setPausedAt(null);
                setIsFollowing(true);
              }}
            >
              {waiting > 0 ? `${formatCount(waiting)} new` : 'To the end'}
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}

interface LineProps {
  readonly line: LogLine;
  readonly start: number;
  readonly search: string;
}

function Line({ line: { number, at, text, attempt }, start, search }: LineProps) {
  const time = new Date(at);
  return (
    <div
      className={classes.line}
      style={{ transform: `translateY(${start}px)` }}
      title={`line ${number}, attempt ${attempt}, ${time.toLocaleString('en')}`}
      data-testid="log-line"
    >
      <span className={classes.time}>{time.toTimeString().slice(0, 8)}</span>
      <span className={classes.content}>{search === '' ? text : marked(text, search)}</span>
    </div>
  );
}

function marked(text: string, search: string) {
  const place = text.toLowerCase().indexOf(search.toLowerCase());
  if (place < 0) return text;
  return (
    <>
      {text.slice(0, place)}
      <mark>{text.slice(place, place + search.length)}</mark>
      {text.slice(place + search.length)}
    </>
  );
}
