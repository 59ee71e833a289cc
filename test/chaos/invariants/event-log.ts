import { isFinal, nextTrialState, type TrialAction, type TrialState } from '../../../src/core/trial.ts';
import { type Aftermath, groupBy } from '../aftermath.ts';

interface EventRow {
  readonly studyId: number;
  readonly sequence: number;
  readonly kind: string;
  readonly trialId: number | null;
  readonly state: string | null;
  readonly attempt: number | null;
  readonly held: boolean | null;
}

/** The event log has no gaps, tells only of allowed changes, and ends with what stands in the tables. */
export async function brokenEventLog({ arena, studies }: Aftermath): Promise<string[]> {
  const faults: string[] = [];
  await arena.sql(async (client) => {
    for (const [what, query] of Object.entries(queries)) {
      const { rows } = await client.query<{ id: number }>(query);
      faults.push(...rows.map(({ id }) => `${what}: ${id}`));
    }
    const { rows: events } = await client.query<EventRow>(
      `SELECT study_id AS "studyId", sequence, kind, trial_id AS "trialId",
         change ->> 'state' AS state, (change ->> 'attempt')::integer AS attempt, (change ->> 'held')::boolean AS held
       FROM study_event ORDER BY study_id, sequence`,
    );
    const ofTrials = events.filter(({ trialId }) => trialId !== null);
    for (const [trialId, history] of groupBy(ofTrials, (event) => event.trialId))
      faults.push(...brokenHistory(history).map((fault) => `trial ${trialId}: ${fault}`));
    const byStudy = groupBy(events, ({ studyId }) => `study-${studyId}`);
    for (const { study, watch } of studies) {
      const stored = (byStudy.get(study.id) ?? []).map(
        ({ kind, trialId }) => `${kind} ${trialId === null ? study.id : `trial-${trialId}`}`,
      );
      const seen = watch.events.map(({ kind, trial }) => `${kind} ${trial?.id ?? study.id}`);
      if (stored.join() !== seen.join())
        faults.push(`${study.name}: a follower saw other events than are stored`);
    }
  });
  return faults;
}

const queries = {
  'the events of a study have a gap': `
    SELECT id FROM study LEFT JOIN study_event ON study_id = id GROUP BY id
    HAVING count(sequence) <> last_event OR min(sequence) <> 1 OR max(sequence) <> last_event`,
  'the last event of a trial is not its row': `
    SELECT trial.id FROM trial
    LEFT JOIN LATERAL (
      SELECT change FROM study_event WHERE trial_id = trial.id ORDER BY sequence DESC LIMIT 1
    ) AS last ON TRUE
    WHERE (to_jsonb(json_populate_record(trial, last.change)) - 'lease_until') IS DISTINCT FROM (to_jsonb(trial) - 'lease_until')`,
  'the last event of a study is not its row': `
    SELECT study.id FROM study
    LEFT JOIN LATERAL (
      SELECT change FROM study_event WHERE study_id = study.id AND trial_id IS NULL ORDER BY sequence DESC LIMIT 1
    ) AS last ON TRUE
    WHERE (to_jsonb(json_populate_record(study, last.change)) - '{last_event,trial_count,updated_at}'::text[])
      IS DISTINCT FROM (to_jsonb(study) - '{last_event,trial_count,updated_at}'::text[])`,
};

const actions: Readonly<Record<string, readonly TrialAction[]>> = {
  TRIAL_STARTED: ['claim'],
  TRIAL_RESUMED: ['claim'],
  TRIAL_REQUEUED: ['requeue'],
  TRIAL_PAUSED: ['requeue'],
  TRIAL_COMPLETED: ['complete'],
  TRIAL_PRUNED: ['prune', 'abandon'],
  TRIAL_INFEASIBLE: ['infeasible', 'reject'],
  TRIAL_FAILED: ['fail'],
  TRIAL_CANCELLED: ['cancel'],
};

/** Changes by whoever pauses a trial and resumes it: the state stays. */
const pauses: Readonly<Record<string, { readonly state: TrialState; readonly held: boolean }>> = {
  TRIAL_PAUSING: { state: 'RUNNING', held: true },
  TRIAL_PAUSED: { state: 'QUEUED', held: true },
  TRIAL_RESUMED: { state: 'RUNNING', held: false },
  TRIAL_REQUEUED: { state: 'QUEUED', held: false },
};

function brokenHistory(history: readonly EventRow[]): string[] {
  const faults: string[] = [];
  let state: TrialState = 'QUEUED';
  let [attempt, held] = [0, false];
  for (const event of history) {
    const next = event.state as TrialState;
    if (event.kind.startsWith('ARTIFACT')) {
      if (next !== state || event.held !== held)
        faults.push(`${event.kind} of a trial that is ${state} says ${next}`);
      continue;
    }
    if (isFinal(state)) faults.push(`${event.kind} after ${state}`);
    const pause = pauses[event.kind];
    const isPause = next === state && pause?.state === state && pause.held === event.held;
    const allowed = actions[event.kind]?.map((action) => nextTrialState(state, action)) ?? [];
    if (event.kind !== 'TRIAL_QUEUED' && !isPause && !allowed.includes(next))
      faults.push(`${event.kind} leads from ${state} to ${next}`);
    if (next === 'RUNNING' && state === 'QUEUED') {
      attempt++;
      if (held) faults.push(`${event.kind} starts a trial that is held`);
    }
    if (!isPause && event.held !== (held && !isFinal(next)))
      faults.push(`${event.kind} makes held ${event.held} of ${held}`);
    if (event.attempt !== attempt)
      faults.push(`${event.kind} has the attempt ${event.attempt}, not ${attempt}`);
    [state, held] = [next, event.held === true];
  }
  if (!isFinal(state)) faults.push(`ends ${state}`);
  return faults;
}
