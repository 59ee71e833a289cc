import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { StudyEvent, TypedDocument } from '../../client/index.ts';
import { Coalescer } from './coalescer.ts';
import { useSession } from './session-context.ts';
import { useOpenStudy } from './use-live-study.ts';

export interface LiveQueryOptions {
  /** The study whose events make the answer stale; absent: it is asked for once. */
  readonly study?: string;
  /** Whether an event makes the answer stale; absent: every one does. */
  readonly isStaleAfter?: (event: StudyEvent) => boolean;
  /** How long events are gathered at least before it is asked again; 300 where absent. */
  readonly waitMs?: number;
  /** Whether it is asked for at all; so where absent. */
  readonly enabled?: boolean;
  /** Whether the answer to other variables is shown until the new one is there; so where absent. */
  readonly keepPrevious?: boolean;
}

const defaultWaitMs = 300;

/**
 * The answer to a query, asked again soon after events of its study that make it stale: once for many of them, and the
 * more rarely the longer the server takes. What is there is shown until the next answer is.
 */
export function useLiveQuery<Result, Variables extends object>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  options: LiveQueryOptions = {},
): UseQueryResult<Result, Error> {
  const { study = null, enabled = true, keepPrevious = true, waitMs = defaultWaitMs } = options;
  const { client, queries } = useSession();
  const live = useOpenStudy(enabled ? study : null);
  const queryKey = [document.toString(), variables];
  const latest = useRef({ queryKey, isStaleAfter: options.isStaleAfter });
  latest.current = { queryKey, isStaleAfter: options.isStaleAfter };

  useEffect(() => {
    if (live === null) return;
    const refetch = () =>
      queries.refetchQueries({ queryKey: latest.current.queryKey, exact: true }, { cancelRefetch: false });
    const coalescer = new Coalescer(refetch, waitMs);
    const stop = live.onEvents((events) => {
      if (events === null || events.some(latest.current.isStaleAfter ?? (() => true))) coalescer.request();
    });
    return () => {
      stop();
      coalescer.close();
    };
  }, [live, queries, waitMs]);

  return useQuery({
    queryKey,
    // biome-ignore lint/suspicious/noExplicitAny: the client's variables are optional where there are none
    queryFn: ({ signal }) => (client.query as any)(document, variables, { signal }) as Promise<Result>,
    enabled,
    ...(keepPrevious && { placeholderData: keepPreviousData }),
    // An answer that nobody listened for events to may be stale when it is looked at again.
    refetchOnMount: 'always',
    // Structural sharing of columns of 100,000 trials costs more than drawing them.
    structuralSharing: false,
  }) as UseQueryResult<Result, Error>;
}
