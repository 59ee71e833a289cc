import { useCallback, useEffect, useRef, useState } from 'react';
import type { Client, TrialFilter, TrialOrder, TypedDocument } from '../../../../client/index.ts';
import type { CurveTrial } from '../../../charts/curves/curve-set.ts';
import { Coalescer } from '../../../live/coalescer.ts';
import { useSession } from '../../../live/session-context.ts';
import { useOpenStudy } from '../../../live/use-live-study.ts';
import { curveTrials } from '../../../operations/curves.ts';

export interface CurveSelection {
  readonly filter: TrialFilter;
  readonly orderBy: TrialOrder;
  readonly count: number;
}

export interface SelectedTrials {
  readonly trials: readonly CurveTrial[];
  /** How many trials pass the filter, of which the first are here. */
  readonly totalCount: number;
}

type Variables = typeof curveTrials extends TypedDocument<unknown, infer V> ? V : never;

/** What one request gives at most. */
const pageSize = 1000;
const waitMs = 400;

/** The trials whose curves are shown, again soon after events that change them. Null before they are known. */
export function useCurveTrials(study: string, selection: CurveSelection) {
  const session = useSession();
  const live = useOpenStudy(study);
  const [selected, setSelected] = useState<SelectedTrials | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const coalescer = useRef<Coalescer | null>(null);

  useEffect(() => {
    const ended = new AbortController();
    const read = async () => {
      try {
        setSelected(await readTrials(session.client, study, selection, ended.signal));
        setError(null);
      } catch (thrown) {
        if (ended.signal.aborted) return;
        session.noteError(thrown);
        setError(thrown as Error);
      }
    };
    const again = new Coalescer(read, waitMs);
    coalescer.current = again;
    void read();
    const stop = live?.onEvents((events) => {
      if (events === null || events.some(({ trial }) => trial !== null)) again.request();
    });
    return () => {
      ended.abort();
      again.close();
      stop?.();
    };
  }, [session, study, live, selection]);

  const retry = useCallback(() => coalescer.current?.request(), []);
  return { selected, error, retry };
}

async function readTrials(
  client: Client,
  study: string,
  { filter, orderBy, count }: CurveSelection,
  signal: AbortSignal,
): Promise<SelectedTrials> {
  const trials: CurveTrial[] = [];
  let after: string | null = null;
  for (;;) {
    const first = Math.min(pageSize, count - trials.length);
    const variables: Variables = { study, first, after, filter, orderBy };
    const { study: answer } = await client.query(curveTrials, variables, { signal });
    if (answer === null) return { trials, totalCount: 0 };
    const { edges, totalCount, pageInfo } = answer.trials;
    trials.push(...edges.map(({ node }) => node));
    after = pageInfo.endCursor;
    if (trials.length >= count || !pageInfo.hasNextPage) return { trials, totalCount };
  }
}
