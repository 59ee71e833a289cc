import type { Client } from '../../client/index.ts';
import type { Output } from '../output.ts';
import { type DemoResults, readResults } from './demo-results.ts';
import { demoStudy, demoTag } from './demo-study.ts';
import { followStudy } from './follow-study.ts';
import { createProgressDisplay } from './progress-display.ts';
import { StudyWatch } from './study-watch.ts';

export interface RunStudyOptions {
  readonly trials: number;
  /** Stops the study. */
  readonly interrupted: AbortSignal;
  /** Aborted when there is no server any more. */
  readonly gone: AbortSignal;
}

/**
 * Creates the demo's study, starts its trials and shows them until the last has ended.
 * @returns null when it was interrupted; the study is stopped then
 */
export async function runStudy(
  client: Client,
  { stream, colors, say }: Output,
  { trials, interrupted, gone }: RunStudyOptions,
): Promise<DemoResults | null> {
  const study = await client.studies.create(demoStudy(new Date()));
  say(`Study ${study.name}: ${trials} networks on MNIST, for high accuracy and short training`);
  say();
  const startedAt = performance.now();
  const { cursor } = study.data;
  await study.start({ trials });

  const watch = new StudyWatch(trials);
  const display = createProgressDisplay(stream, watch, colors);
  try {
    await followStudy(study, watch, {
      after: cursor,
      signal: AbortSignal.any([interrupted, gone]),
      onEvent: (event) => display.onEvent(event),
    });
  } finally {
    display.close();
  }
  gone.throwIfAborted();
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  if (watch.stopReason === null) {
    say();
    say(colors.yellow('Stopping the study ...'));
    const { completed, pruned, cancelled } = (await study.stop()).data.trialCounts;
    say(`Stopped: ${completed} completed, ${pruned} pruned, ${cancelled} cancelled.`);
    return null;
  }
  return readResults(study, { seconds, events: watch.eventCount });
}

/** Stops what a demo that was cut off has left: the server would go on with it. */
export async function stopEarlierDemos(client: Client): Promise<void> {
  const { items } = await client.studies.page({ filter: { tags: [demoTag], states: ['RUNNING'] } });
  for (const study of items) await study.stop();
}
