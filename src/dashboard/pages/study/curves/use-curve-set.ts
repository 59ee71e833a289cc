import { useEffect, useState } from 'react';
import { CurveSet, type CurveTrial } from '../../../charts/curves/curve-set.ts';
import { useSession } from '../../../live/session-context.ts';

/** The curves of a metric of these trials, kept live. Null before they begin. */
export function useCurveSet(
  study: string,
  metric: string,
  trials: readonly CurveTrial[] | null,
): CurveSet | null {
  const { client } = useSession();
  const [set, setSet] = useState<CurveSet | null>(null);
  useEffect(() => {
    const made = new CurveSet(client, study, metric);
    setSet(made);
    return () => made.close();
  }, [client, study, metric]);
  useEffect(() => {
    if (trials !== null) set?.show(trials);
  }, [set, trials]);
  return set;
}
