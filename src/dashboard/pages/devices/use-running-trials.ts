import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSession } from '../../live/session-context.ts';
import { type RunningTrial, runningTrials } from '../../operations/devices.ts';
import { ofStudies, useStudiesChanged } from '../studies/use-studies.ts';

export interface PlacedTrial extends RunningTrial {
  readonly study: { readonly id: string; readonly name: string };
}

const maxStudies = 40;
const maxTrialsOfStudy = 40;

/** The running trials of all studies, as they are now: at most 40 of each study. Undefined before the first answer. */
export function useRunningTrials(): {
  readonly trials: readonly PlacedTrial[] | undefined;
  readonly total: number;
} {
  const { client } = useSession();
  useStudiesChanged();
  const { data } = useQuery({
    queryKey: [ofStudies, 'running'],
    queryFn: ({ signal }) =>
      client.query(runningTrials, { first: maxStudies, trials: maxTrialsOfStudy }, { signal }),
    refetchOnMount: 'always',
    structuralSharing: false,
  });
  return useMemo(() => {
    const studies = data?.studies.edges.map(({ node }) => node);
    return {
      trials: studies?.flatMap(({ id, name, trials }) =>
        trials.edges.map(({ node }) => ({ ...node, study: { id, name } })),
      ),
      total: studies?.reduce((sum, { trials }) => sum + trials.totalCount, 0) ?? 0,
    };
  }, [data]);
}
