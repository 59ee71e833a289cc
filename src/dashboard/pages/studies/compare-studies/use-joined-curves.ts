import { useEffect, useState } from 'react';
import { CurveSet } from '../../../charts/curves/curve-set.ts';
import { JoinedCurves } from '../../../charts/curves/joined-curves.ts';
import { useSession } from '../../../live/session-context.ts';
import type { ComparedStudy } from './compared-study.ts';

interface Open {
  readonly sets: readonly CurveSet[];
  readonly joined: JoinedCurves;
}

/** The curves of a metric of the studies' best trials, kept live, a colour a study. Null before they begin. */
export function useJoinedCurves(studies: readonly ComparedStudy[], metric: string): JoinedCurves | null {
  const { client } = useSession();
  const [open, setOpen] = useState<Open | null>(null);
  const ids = studies.map(({ id }) => id).join(' ');
  useEffect(() => {
    const sets = ids.split(' ').map((id) => new CurveSet(client, id, metric));
    const joined = new JoinedCurves(metric, sets);
    setOpen({ sets, joined });
    return () => {
      joined.close();
      for (const set of sets) set.close();
    };
  }, [client, ids, metric]);
  useEffect(() => {
    for (const [color, { name, bestTrials }] of studies.entries()) {
      open?.sets[color]?.show(
        bestTrials.map(({ id, number, state }) => ({
          id,
          number,
          state,
          name: `${name}, trial ${number}`,
          color,
        })),
      );
    }
  }, [open, studies]);
  return open?.joined ?? null;
}
