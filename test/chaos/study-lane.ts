import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type CreateStudyInput, type Study, TrialgraphError } from '../../src/client/index.ts';
import { despiteOutages, patienceMs } from './despite-outages.ts';
import { resumeTrial } from './pauses.ts';
import type { Round } from './study-rounds.ts';
import { StudyWatch } from './study-watch.ts';

/** A study that has ended, with what was to be seen of it. */
export interface FinishedStudy {
  readonly study: Study;
  readonly round: Round;
  readonly watch: StudyWatch;
}

export interface Lane {
  readonly name: string;
  readonly project: string;
  readonly rounds: readonly Round[];
}

/** Runs one study after the other until `isOver`, each to its end. */
export async function runLane(
  client: Client,
  { name, project, rounds }: Lane,
  isOver: () => boolean,
): Promise<FinishedStudy[]> {
  const finished: FinishedStudy[] = [];
  for (let n = 0; n === 0 || !isOver(); n++) {
    const round = rounds[n % rounds.length]!;
    const study = await createStudy(client, {
      ...round.input,
      name: `${name} ${n}`,
      project,
      objectives: [{ metric: 'loss', direction: 'MINIMIZE' }],
    });
    const watch = new StudyWatch(client, study);
    await despiteOutages(() => study.start());
    await untilFinished(study);
    while (await wakeHeld(study)) await untilFinished(study);
    finished.push({ study, round, watch });
  }
  return finished;
}

/** Whoever gets no answer does not know whether there is a study now: a second try tells. */
async function createStudy(client: Client, input: CreateStudyInput): Promise<Study> {
  const { name, project } = input;
  return despiteOutages(async () => {
    try {
      return await client.studies.create(input);
    } catch (error) {
      if (!(error instanceof TrialgraphError && error.code === 'CONFLICT')) throw error;
      return (await client.studies.byName(name, { project: project! }))!;
    }
  });
}

async function untilFinished(study: Study): Promise<void> {
  let cursor = '';
  let deadline = 0;
  while ((await despiteOutages(() => study.refresh())).state !== 'FINISHED') {
    if (study.data.cursor !== cursor) deadline = Date.now() + patienceMs;
    cursor = study.data.cursor;
    if (Date.now() > deadline) throw new Error(`The study ${study.name} (${study.id}) stands still.`);
    await sleep(200);
  }
}

/** Trials that were paused when their study ended are its own still: they go on with it. @returns whether there are any */
async function wakeHeld(study: Study): Promise<boolean> {
  const filter = { states: ['QUEUED' as const] };
  const { items } = await despiteOutages(() => study.trialPage({ filter, first: 100 }));
  for (const trial of items) await resumeTrial(trial);
  if (items.length > 0) await despiteOutages(() => study.start());
  return items.length > 0;
}
