import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useSession } from '../../live/session-context.ts';
import { trialByNumber } from '../../operations/charts.ts';

/** A function that opens the page of a study's trial by its number. */
export function useOpenTrial(study: string): (number: number) => void {
  const { client } = useSession();
  const navigate = useNavigate();
  return useCallback(
    async (number: number) => {
      const answer = await client.query(trialByNumber, { study, number });
      const id = answer.study?.trials.edges[0]?.node.id;
      if (id !== undefined) await navigate({ to: '/trials/$id', params: { id } });
    },
    [client, navigate, study],
  );
}
