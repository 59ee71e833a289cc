import { useEffect, useState } from 'react';
import type { TrialData, TrialProgress } from '../../../client/index.ts';
import { useSession } from '../../live/session-context.ts';
import { useLiveQuery } from '../../live/use-live-query.ts';
import { followProgress, type TrialExtras, trialPage } from '../../operations/trial.ts';

export type ShownTrial = TrialData & TrialExtras;

/** A trial as it is now: asked for again after each of its events. */
export function useTrial(id: string) {
  // Its study is known by the first answer.
  const [study, setStudy] = useState<string | null>(null);
  const { data, error, refetch } = useLiveQuery(
    trialPage,
    { id },
    {
      ...(study !== null && { study }),
      isStaleAfter: ({ trial }) => trial?.id === id,
      waitMs: 100,
      keepPrevious: false,
    },
  );
  const found = data?.trial?.study.id ?? null;
  useEffect(() => {
    if (found !== null) setStudy(found);
  }, [found]);
  return { trial: data?.trial, error, refetch };
}

/** How far a trial is, live until it has ended; null before the first answer. */
export function useProgress(id: string, attempt: number | undefined): TrialProgress | null {
  const session = useSession();
  const [progress, setProgress] = useState<TrialProgress | null>(null);
  // A trial that goes back into the queue and starts again has another stream.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const ended = new AbortController();
    const follow = async () => {
      const messages = session.client.subscribe(followProgress, { trial: id }, { signal: ended.signal });
      for await (const { trialProgress } of messages) setProgress(trialProgress);
    };
    follow().catch((error) => session.noteError(error));
    return () => ended.abort();
  }, [session, id, attempt]);
  return progress;
}
