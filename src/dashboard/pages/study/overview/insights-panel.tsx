import { Button, Modal, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Client, Json, StudyData } from '../../../../client/index.ts';
import { Failed, Nothing, Panel } from '../../../charts/parts/panel.tsx';
import { useAction } from '../../../live/use-action.ts';
import { useLiveQuery } from '../../../live/use-live-query.ts';
import { cloneIntoSpace, studyInsightsInWords } from '../../../operations/charts.ts';
import { isEnd } from './is-end.ts';
import classes from './overview.module.css';

/** Of more trials, insights take the server seconds, so they are worked out when someone asks for them. */
const unaskedTrials = 20_000;

export interface InsightsPanelProps {
  readonly study: StudyData;
  /** Whether what is more urgent is there. */
  readonly enabled: boolean;
}

/** What the trials tell about the search space, and the narrower space that they suggest. */
export function InsightsPanel({ study, enabled }: InsightsPanelProps) {
  const [isAskedFor, setAskedFor] = useState(false);
  const isLarge = study.trialCounts.total > unaskedTrials;
  const { data, error, isFetching, refetch } = useLiveQuery(
    studyInsightsInWords,
    { study: study.id },
    {
      study: study.id,
      isStaleAfter: (event) => !isLarge && isEnd(event),
      waitMs: 2000,
      enabled: enabled && (isAskedFor || !isLarge),
    },
  );
  const [isCloning, setCloning] = useState(false);
  const insights = data?.studyInsights;
  // Before the first result there is nothing to tell but that.
  const sentences = study.trialCounts.completed > 0 ? (insights?.sentences ?? []) : [];
  const suggestion = insights?.suggestedSpace;
  return (
    <Panel title="Insights">
      {isLarge && !isAskedFor && (
        <Nothing>
          <Button variant="default" onClick={() => setAskedFor(true)} disabled={!enabled}>
            Find useless settings
          </Button>
        </Nothing>
      )}
      {insights === undefined && isFetching && <Nothing>Looking at all trials…</Nothing>}
      {insights === undefined && !isFetching && !isLarge && error === null && (
        <div className={classes.room} />
      )}
      {insights === undefined && error !== null && <Failed error={error} onRetry={refetch} />}
      {insights !== undefined && sentences.length === 0 && (
        <Nothing>
          Which settings are useless is told once trials have completed; after some sixty it mostly is clear.
        </Nothing>
      )}
      <ul className={classes.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>
            <Sentence text={sentence} />
          </li>
        ))}
      </ul>
      {suggestion !== undefined && suggestion.changes.length > 0 && (
        <div className={classes.suggestion}>
          <p>A new study can search the narrower space alone.</p>
          <Button variant="default" onClick={() => setCloning(true)}>
            Clone with the narrower space
          </Button>
          <CloneDialog
            study={study}
            searchSpace={suggestion.searchSpace}
            changes={suggestion.changes.map(({ sentence }) => sentence)}
            opened={isCloning}
            onClose={() => setCloning(false)}
          />
        </div>
      )}
    </Panel>
  );
}

/** Text in which names stand between backticks. */
function Sentence({ text }: { readonly text: string }) {
  const parts = text.split('`');
  return parts.map((part, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
    i % 2 === 1 ? <code key={i}>{part}</code> : part,
  );
}

interface CloneDialogProps {
  readonly study: StudyData;
  readonly searchSpace: Json;
  readonly changes: readonly string[];
  readonly opened: boolean;
  onClose(): void;
}

const clone = (client: Client, variables: { id: string; name: string; searchSpace: Json }) =>
  client.mutate(cloneIntoSpace, variables);

function CloneDialog({ study, searchSpace, changes, opened, onClose }: CloneDialogProps) {
  const [name, setName] = useState(`${study.name}, narrower`);
  const [run, isRunning] = useAction(clone);
  const navigate = useNavigate();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const made = await run({ id: study.id, name, searchSpace });
    if (made !== undefined) await navigate({ to: '/studies/$id', params: { id: made.cloneStudy.id } });
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Clone with the narrower space">
      <form onSubmit={submit}>
        <ul className={classes.sentences}>
          {changes.map((sentence) => (
            <li key={sentence}>
              <Sentence text={sentence} />
            </li>
          ))}
        </ul>
        <TextInput
          mt="md"
          label="Name of the new study"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          required
        />
        <Button type="submit" mt="md" loading={isRunning}>
          Clone
        </Button>
      </form>
    </Modal>
  );
}
