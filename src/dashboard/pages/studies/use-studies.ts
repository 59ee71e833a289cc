import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StudyFilter, StudyOrder } from '../../../client/index.ts';
import { Coalescer } from '../../live/coalescer.ts';
import { useSession } from '../../live/session-context.ts';
import { studiesChanged, studyList } from '../../operations/studies.ts';

export interface StudySelection {
  readonly first: number;
  readonly filter: StudyFilter;
  readonly orderBy: StudyOrder;
}

const waitMs = 100;

/** A part of the list of studies as it is now: asked for again when the server says that a study has changed. */
export function useStudies(selection: StudySelection) {
  const { client, queries } = useSession();
  useEffect(() => {
    const ended = new AbortController();
    const coalescer = new Coalescer(
      () => queries.refetchQueries({ queryKey: ['studies'], type: 'active' }, { cancelRefetch: false }),
      waitMs,
    );
    const follow = async () => {
      const changes = client.subscribe(studiesChanged, {}, { signal: ended.signal });
      for await (const _ of changes) coalescer.request();
    };
    // What refuses the stream refuses the query too, which shows it.
    follow().catch(() => {});
    return () => {
      ended.abort();
      coalescer.close();
    };
  }, [client, queries]);

  return useQuery({
    queryKey: ['studies', selection],
    queryFn: ({ signal }) => client.query(studyList, selection, { signal }),
    placeholderData: keepPreviousData,
    refetchOnMount: 'always',
    structuralSharing: false,
  });
}
