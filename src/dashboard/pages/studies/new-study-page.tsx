import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { TrialgraphError } from '../../../client/index.ts';
import { useSession } from '../../live/session-context.ts';
import { createStudy, newStudyChoices } from '../../operations/new-study.ts';
import { studyNow } from '../../operations/shell.ts';
import { startStudy } from '../../operations/studies.ts';
import { Page } from '../../shell/page.tsx';
import { Problem } from '../../shell/problem.tsx';
import { Basics } from './new-study/basics.tsx';
import { CodePanel } from './new-study/code-panel.tsx';
import { draftOf, emptyDraft, inputOf, type StudyDraft, withTrainable } from './new-study/draft.ts';
import { type Fault, faultsOf } from './new-study/faults.ts';
import { Goals } from './new-study/goals.tsx';
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
  const start = origin ? draftOf(origin) : chosen ? withTrainable(emptyDraft, chosen) : emptyDraft;
  return (
    <NewStudyForm
      key={`${from} ${trainable}`}
      start={start}
      trainables={trainables}
      datasets={datasets}
      tags={studyTags}
    />
  );
}

interface NewStudyFormProps {
  readonly start: StudyDraft;
  readonly trainables: Parameters<typeof Basics>[0]['trainables'];
  readonly datasets: readonly string[];
  readonly tags: readonly string[];
}

function NewStudyForm({ start, trainables, datasets, tags }: NewStudyFormProps) {
  const session = useSession();
  const navigate = route.useNavigate();
  const [draft, setDraft] = useState(start);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [creating, setCreating] = useState<'create' | 'start' | null>(null);
  const input = useMemo(() => inputOf(draft), [draft]);
  const change = (part: Partial<StudyDraft>) => {
    setFaults([]);
    setDraft((old) => ({ ...old, ...part }));
  };
  const metrics = trainables.find(({ name }) => name === draft.trainable)?.metrics ?? [];
  const faulty = new Set(faults.map(({ parameter }) => parameter).filter((name) => name !== null));

  const create = async (isStarted: boolean) => {
    setCreating(isStarted ? 'start' : 'create');
    try {
      const { id } = (await session.client.mutate(createStudy, { input })).createStudy;
      if (isStarted) await session.client.mutate(startStudy, { id });
      await navigate({ to: '/studies/$id', params: { id } });
    } catch (error) {
      session.noteError(error);
      setFaults(
        error instanceof TrialgraphError
          ? faultsOf(error)
          : [{ path: '', message: String(error), parameter: null }],
      );
    } finally {
      setCreating(null);
    }
  };

  return (
    <Page title="New study">
      <form
        className={classes.columns}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          const { submitter } = event.nativeEvent as SubmitEvent;
          void create((submitter as HTMLButtonElement | null)?.value !== createOnly);
        }}
      >
        <div className={classes.form}>
          <Basics draft={draft} onChange={change} trainables={trainables} datasets={datasets} tags={tags} />
          <Goals draft={draft} onChange={change} metrics={metrics} />
          <SpaceEditor draft={draft} onChange={change} faulty={faulty} />
          <SearchSettings draft={draft} onChange={change} />
          <StopRules draft={draft} onChange={change} />
          <div className={classes.end}>
            {faults.length > 0 && (
              <Alert color="red" title="The server finds fault with this study" role="alert">
                <ul className={classes.faults}>
                  {faults.map(({ path, message }) => (
                    <li key={`${path} ${message}`}>
                      {path !== '' && <b>{path}</b>} {message}
                    </li>
                  ))}
                </ul>
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
