import { type Aftermath, groupBy, isCancelled } from '../aftermath.ts';
import { entriesOf } from '../ledger.ts';
import { finalLoss } from '../reported-values.ts';
import { forgedPoints, lostPoints } from './acknowledged-points.ts';

/** What was acknowledged to a worker is there, bit for bit and once, unless a later attempt has replaced it. */
export async function lostAcknowledgements(aftermath: Aftermath): Promise<string[]> {
  return [
    ...lostPoints(aftermath),
    ...forgedPoints(aftermath),
    ...lostTells(aftermath),
    ...lostCheckpoints(aftermath),
    ...(await lostLines(aftermath)),
  ];
}

function lostTells({ studies, entries }: Aftermath): string[] {
  const trials = new Map(studies.flatMap((ended) => ended.trials.map((trial) => [trial.id, trial])));
  return entriesOf(entries, 'told').flatMap(({ trial: id, attempt, loss }) => {
    const trial = trials.get(id);
    const isThere = trial?.state === 'COMPLETED' && trial.attempt === attempt && trial.values?.loss === loss;
    return isThere && loss === finalLoss(id, attempt)
      ? []
      : [`${id} attempt ${attempt}: told COMPLETED, and is ${trial?.state} with ${trial?.values?.loss}`];
  });
}

/** A later attempt finds the newest checkpoint that was acknowledged before it started, or one that came after. */
function lostCheckpoints({ entries }: Aftermath): string[] {
  const saved = groupBy(entriesOf(entries, 'saved'), ({ trial }) => trial);
  const restored = groupBy(entriesOf(entries, 'restored'), ({ trial, attempt }) => `${trial}/${attempt}`);
  return entriesOf(entries, 'reporting').flatMap(({ trial, attempt, step }) => {
    const earlier = (saved.get(trial) ?? []).filter((entry) => entry.attempt < attempt);
    const newest = Math.max(0, ...earlier.map((entry) => entry.step));
    const from = restored.get(`${trial}/${attempt}`)?.[0]?.step ?? 0;
    return from >= newest && step > from
      ? []
      : [
          `${trial} attempt ${attempt} goes on from step ${from}: the checkpoint of step ${newest} was acknowledged`,
        ];
  });
}

async function lostLines(aftermath: Aftermath): Promise<string[]> {
  const { arena, studies, entries } = aftermath;
  const faults: string[] = [];
  const logged = groupBy(entriesOf(entries, 'logged'), ({ trial }) => trial);
  for (const { trials } of studies) {
    for (const { id } of trials) {
      const acknowledged = logged.get(id) ?? [];
      if (acknowledged.length === 0) continue;
      const stored: string[] = [];
      for await (const { text } of (await arena.client.trial(id)).logLines()) stored.push(text);
      for (const [place, { line }] of acknowledged.entries()) {
        const found = stored.filter((text) => text === line).length;
        // The last lines of a trial may have come after it was cancelled: then they are answered, and not stored.
        const isLastOfCancelled = place === acknowledged.length - 1 && isCancelled(aftermath, id);
        if (found !== 1 && !(found === 0 && isLastOfCancelled))
          faults.push(`${id}: the line "${line}" was acknowledged, and is stored ${found} times`);
      }
    }
  }
  return faults;
}
