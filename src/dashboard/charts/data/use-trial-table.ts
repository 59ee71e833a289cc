import { useEffect, useMemo, useState } from 'react';
import type { StudyData } from '../../../client/index.ts';
import type { LiveStudy } from '../../live/live-study.ts';
import { useSession } from '../../live/session-context.ts';
import { Store, useStore } from '../../live/store.ts';
import { useOpenStudy } from '../../live/use-live-study.ts';
import { LiveTrialTable } from './live-trial-table.ts';
import type { TrialTable } from './trial-table.ts';

/** One table for each study that is open, and for each search space that it has had. */
const tables = new WeakMap<LiveStudy, { readonly space: string; readonly table: LiveTrialTable }>();
const noVersion = new Store(-1);
const noError = new Store<Error | null>(null);

export interface LiveTable {
  /** Null until the results are there. */
  readonly table: TrialTable | null;
  /** Another one after each change of the table, which is the same object. */
  readonly version: number;
  readonly error: Error | null;
  retry(): void;
}

/** The ended trials of a study, with the columns of these parameters as soon as they are there. */
export function useTrialTable(study: StudyData, params: readonly string[] = []): LiveTable {
  const { client } = useSession();
  const live = useOpenStudy(study.id);
  const [shared, setShared] = useState<LiveTrialTable | null>(null);
  const space = useMemo(() => JSON.stringify(study.searchSpace), [study.searchSpace]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the table goes on by itself; only another space makes a new one
  useEffect(() => {
    if (live === null) return setShared(null);
    let entry = tables.get(live);
    if (entry === undefined || entry.space !== space) {
      entry = { space, table: new LiveTrialTable(client, live, study) };
      tables.set(live, entry);
    }
    setShared(entry.table);
  }, [client, live, space]);

  const wanted = params.join('\n');
  useEffect(() => shared?.need(wanted === '' ? [] : wanted.split('\n')), [shared, wanted]);

  const version = useStore(shared?.version ?? noVersion);
  const error = useStore(shared?.error ?? noError);
  const table = shared !== null && version >= 0 ? shared.table : null;
  return { table, version, error, retry: () => shared?.retry() };
}
