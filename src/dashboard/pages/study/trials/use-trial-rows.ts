import { useEffect, useMemo, useRef } from 'react';
import type { TrialFilter, TrialOrder } from '../../../../client/index.ts';
import { Coalescer } from '../../../live/coalescer.ts';
import { useSession } from '../../../live/session-context.ts';
import { useStore } from '../../../live/store.ts';
import { useOpenStudy } from '../../../live/use-live-study.ts';
import { trialRows } from '../../../operations/trials.ts';
import { TrialRows } from './trial-rows.ts';

const refreshWaitMs = 400;

/** A study's trials under a filter and in an order, as they are now. */
export function useTrialRows(
  study: string,
  filter: TrialFilter | null,
  orderBy: TrialOrder,
  onShift: (rows: number) => void,
): TrialRows {
  const session = useSession();
  const live = useOpenStudy(study);
  const shift = useRef(onShift);
  shift.current = onShift;
  const key = JSON.stringify([filter, orderBy]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds the filter and the order
  const rows = useMemo(
    () =>
      new TrialRows(
        async (offset, first) => {
          const answer = await session.client.query(trialRows, { study, offset, first, filter, orderBy });
          const trials = answer.study?.trials;
          return {
            trials: trials?.edges.map(({ node }) => node) ?? [],
            totalCount: trials?.totalCount ?? 0,
          };
        },
        (moved) => shift.current(moved),
      ),
    [session, study, key],
  );
  useEffect(() => {
    if (live === null) return;
    const refresh = new Coalescer(() => rows.expire(), refreshWaitMs);
    const stop = live.onEvents((events) => {
      if (events !== null) rows.replace(events.flatMap(({ trial }) => (trial === null ? [] : [trial])));
      refresh.request();
    });
    return () => {
      stop();
      refresh.close();
    };
  }, [live, rows]);
  useStore(rows.version);
  return rows;
}
