import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StudyFilter, StudyOrder } from '../../../client/index.ts';
import { Coalescer } from '../../live/coalescer.ts';
import { useSession } from '../../live/session-context.ts';
import { comparedStudy, studiesChanged, studyList } from '../../operations/studies.ts';

export interface StudySelection {
  readonly first: number;
  readonly filter: StudyFilter;
  readonly orderBy: StudyOrder;
}

const waitMs = 100;
/** What all queries begin with that are asked again when any study changes. */
export const ofStudies = 'studies';

/** A part of the list of studies as it is now. */
export function useStudies(selection: StudySelection) {
  const { client } = useSession();
  useStudiesChanged();
  return useQuery({
    queryKey: [ofStudies, selection],
    queryFn: ({ signal }) => client.query(studyList, selection, { signal }),
    placeholderData: keepPreviousData,
    refetchOnMount: 'always',
    structuralSharing: false,
  });
}

/** Several studies as they are now, with so many of their best trials; those that do not exist are left out. */
export function useComparedStudies(ids: readonly string[], best: number) {
  const { client } = useSession();
  useStudiesChanged();
  return useQuery({
    queryKey: [ofStudies, 'compare', ids, best],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        ids.map((id) => client.query(comparedStudy, { id, best }, { signal })),
      );
      return answers.map(({ study }) => study).filter((study) => study !== null);
    },
    placeholderData: keepPreviousData,
    refetchOnMount: 'always',
    structuralSharing: false,
  });
}

/** Asks the queries of the page again when the server says that a study has changed. */
export function useStudiesChanged(): void {
  const { client, queries } = useSession();
  useEffect(() => {
    const ended = new AbortController();
    const coalescer = new Coalescer(
      () => queries.refetchQueries({ queryKey: [ofStudies], type: 'active' }, { cancelRefetch: false }),
      waitMs,
    );
    const follow = async () => {
      const changes = client.subscribe(studiesChanged, {}, { signal: ended.signal });
      for await (const _ of changes) coalescer.request();
    };
    // What refuses the stream refuses the queries too, which show it.
    follow().catch(() => {});
    return () => {
      ended.abort();
      coalescer.close();
    };
  }, [client, queries]);
}
