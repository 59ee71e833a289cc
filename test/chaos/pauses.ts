import { type Study, type Trial, TrialgraphError } from '../../src/client/index.ts';
import type { Random } from '../../src/core/random.ts';
import type { Arena } from './arena.ts';
import { despiteOutages } from './despite-outages.ts';

/** Pauses a trial of a running study that waits or runs. @returns how to resume it, or null where there was none */
export async function pauseTrial(arena: Arena, random: Random): Promise<(() => Promise<void>) | null> {
  const id = await choose(arena, openTrials, random);
  if (id === null) return null;
  const restart = random.uniform() < 0.5;
  return unlessEnded(async () => {
    const trial = await despiteOutages(() => arena.client.trial(`trial-${id}`));
    await despiteOutages(() => trial.pause({ restart }));
    return () => resumeTrial(trial);
  });
}

const openTrials = `
  SELECT trial.id FROM trial JOIN study ON study.id = study_id
  WHERE study.state = 'RUNNING' AND trial.state IN ('QUEUED', 'RUNNING') AND NOT held ORDER BY trial.id`;

export async function resumeTrial(trial: Trial): Promise<void> {
  await unlessEnded(() => despiteOutages(() => trial.resume()));
}

/** Pauses a running study. @returns how to go on with it, or null where there was none */
export async function pauseStudy(arena: Arena, random: Random): Promise<(() => Promise<void>) | null> {
  const id = await choose(arena, "SELECT id FROM study WHERE state = 'RUNNING' ORDER BY id", random);
  if (id === null) return null;
  return unlessEnded(async () => {
    const study = await despiteOutages(() => arena.client.studies.get(`study-${id}`));
    await despiteOutages(() => study.pause());
    return () => goOn(study);
  });
}

/** Whoever gets no answer looks first: a study that was started may have ended since. */
function goOn(study: Study): Promise<void> {
  return despiteOutages(async () => {
    if ((await study.refresh()).state === 'PAUSED') await study.start();
  });
}

async function choose(arena: Arena, ids: string, random: Random): Promise<number | null> {
  const draw = random.uniform();
  return arena.sql(async (client) => {
    const { rows } = await client.query<{ id: number }>(ids);
    return rows[Math.floor(draw * rows.length)]?.id ?? null;
  });
}

/** @returns null where it has ended meanwhile, or saves no checkpoints and must not lose its work */
async function unlessEnded<T>(change: () => Promise<T>): Promise<T | null> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof TrialgraphError && error.code === 'CONFLICT') return null;
    throw error;
  }
}
