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

export interface RunningTrials {
  /** At most 40 of each study; undefined before the first answer. */
  readonly trials: readonly PlacedTrial[] | undefined;
  /** Studies that have more running trials, and how many more. */
  readonly beyond: readonly { readonly id: string; readonly name: string; readonly count: number }[];
  /** How many studies are not looked at. */
  readonly otherStudies: number;
}

/** The running trials of all studies, as they are now. */
export function useRunningTrials(): RunningTrials {
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
      beyond: (studies ?? []).flatMap(({ id, name, trials }) => {
        const count = trials.totalCount - trials.edges.length;
        return count > 0 ? [{ id, name, count }] : [];
      }),
      otherStudies: data === undefined ? 0 : data.studies.totalCount - data.studies.edges.length,
    };
  }, [data]);
}
