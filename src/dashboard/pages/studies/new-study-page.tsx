import { Alert, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { NetworkError } from '../../../client/index.ts';
import { useSession } from '../../live/session-context.ts';
import { createStudy, newStudyChoices } from '../../operations/new-study.ts';
import { studyNow } from '../../operations/shell.ts';
import { startStudy } from '../../operations/studies.ts';
import { Page } from '../../shell/page.tsx';
import { Problem } from '../../shell/problem.tsx';
import { Basics } from './new-study/basics.tsx';
import { CodePanel } from './new-study/code-panel.tsx';
import { draftOf, emptyDraft, inputOf, type StudyDraft, withTrainable } from './new-study/draft.ts';
import { type Fault, Faults, faultsOf, isWithin } from './new-study/faults.ts';
import { Goals } from './new-study/goals.tsx';
import type { JsonFields } from './new-study/json-fields.ts';
import { RunningSettings } from './new-study/running-settings.tsx';
import { SearchSettings } from './new-study/search-settings.tsx';
import { SpaceEditor } from './new-study/space-editor.tsx';
import { StopRules } from './new-study/stop-rules.tsx';
import classes from './new-study-page.module.css';

const route = getRouteApi('/studies/new');
/** The value of the button that does not start what it creates. */
const createOnly = 'create';

/** A form made of the trainable's search space, with the code that does the same beside it. */
export function NewStudyPage() {
  const { trainable, from } = route.useSearch();
  const { client } = useSession();
  const choices = useQuery({
    queryKey: ['new study', from],
    queryFn: async ({ signal }) => {
      const [known, origin] = await Promise.all([
        client.query(newStudyChoices, {}, { signal }),
        from === undefined ? null : client.query(studyNow, { id: from }, { signal }),
      ]);
      return { ...known, origin: origin?.study ?? null };
    },
  });
  if (choices.error !== null) return <Problem error={choices.error} onRetry={choices.refetch} />;
  if (choices.data === undefined) return <Page title="New study">{null}</Page>;
  const { trainables, datasets, studyTags, origin } = choices.data;
  const chosen = trainables.find(({ name }) => name === trainable) ?? trainables[0];
  const title = origin ? `New study like ${origin.name}` : 'New study';
  const start = origin ? draftOf(origin) : chosen ? withTrainable(emptyDraft, chosen) : emptyDraft;
  return (
    <NewStudyForm
      key={`${from} ${trainable}`}
      title={title}
      start={start}
      trainables={trainables}
      datasets={datasets}
      tags={studyTags}
    />
  );
}

/** Enter in one of many fields is no word to start anything; with Ctrl it is. */
function holdBack(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter') return;
  if (event.ctrlKey || event.metaKey) event.currentTarget.requestSubmit();
  else if (event.target instanceof HTMLInputElement) event.preventDefault();
}

interface NewStudyFormProps {
  readonly title: string;
  readonly start: StudyDraft;
  readonly trainables: Parameters<typeof Basics>[0]['trainables'];
  readonly datasets: readonly string[];
  readonly tags: readonly string[];
}

function NewStudyForm({ title, start: initial, trainables, datasets, tags }: NewStudyFormProps) {
  const session = useSession();
  const navigate = route.useNavigate();
  const [draft, setDraft] = useState(initial);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [creating, setCreating] = useState<'create' | 'start' | null>(null);
  /** Whether it was the server's absence that kept the study from being made. */
  const [isAway, setIsAway] = useState(false);
  const input = useMemo(() => inputOf(draft), [draft]);
  const form = useRef<HTMLFormElement>(null);
  const change = (part: Partial<StudyDraft>) => {
    // What was said of the parts that change is not known of them any more.
    setFaults((old) => old.filter(({ path }) => !Object.keys(part).some((name) => isWithin(path, name))));
    setDraft((old) => ({ ...old, ...part }));
  };
  const chosen = trainables.find(({ name }) => name === draft.trainable);
  const metrics = chosen?.metrics ?? [];
  /** How often the server has refused it. */
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusals]);

  const create = async (isStarted: boolean) => {
    setCreating(isStarted ? 'start' : 'create');
    try {
      const { id } = (await session.client.mutate(createStudy, { input })).createStudy;
      if (isStarted) await start(id);
      await navigate({ to: '/studies/$id', params: { id } });
    } catch (error) {
      session.noteError(error);
      setFaults(faultsOf(error));
      setIsAway(error instanceof NetworkError);
      setRefusals((count) => count + 1);
    } finally {
      setCreating(null);
    }
  };
  /** The study is there, whether it starts or not. */
  const start = async (id: string) => {
    try {
      await session.client.mutate(startStudy, { id });
    } catch (error) {
      session.noteError(error);
      notifications.show({
        color: 'red',
        title: 'It was created, but has not started',
        message: (error as Error).message,
      });
    }
  };

  return (
    <Page title={title}>
      <form
        ref={form}
        className={classes.columns}
        onKeyDown={holdBack}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          const { submitter } = event.nativeEvent as SubmitEvent;
          void create((submitter as HTMLButtonElement | null)?.value !== createOnly);
        }}
      >
        <div className={classes.form}>
          <Faults value={faults}>
            <Basics draft={draft} onChange={change} trainables={trainables} datasets={datasets} tags={tags} />
            <Goals draft={draft} onChange={change} metrics={metrics} />
            <SpaceEditor
              draft={draft}
              onChange={change}
              whole={(chosen?.searchSpace ?? null) as JsonFields | null}
            />
            <SearchSettings draft={draft} onChange={change} metrics={metrics} />
            <StopRules draft={draft} onChange={change} />
            <RunningSettings draft={draft} onChange={change} />
          </Faults>
          <div className={classes.end}>
            {faults.length > 0 && (
              <Alert
                color="red"
                title={isAway ? 'The server cannot be reached' : 'The server finds fault with this study'}
                role="alert"
              >
                <ul className={classes.faults}>
                  {faults.map(({ path, message }) => (
                    <li key={`${path} ${message}`}>
                      {path !== '' && <b>{path}</b>} {message}
                    </li>
                  ))}
                </ul>
                {isAway && 'What you have written stays here: create the study once the server is back.'}
              </Alert>
            )}
            <div className={classes.buttons}>
              <Button type="submit" size="sm" loading={creating === 'start'} disabled={creating === 'create'}>
                Create and start
              </Button>
              <Button
                type="submit"
                value={createOnly}
                size="sm"
                variant="default"
                loading={creating === 'create'}
                disabled={creating === 'start'}
              >
                Create only
              </Button>
            </div>
          </div>
        </div>
        <aside className={classes.code}>
          <CodePanel input={input} />
        </aside>
      </form>
    </Page>
  );
}
