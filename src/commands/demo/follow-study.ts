import type { Study, StudyEvent } from '../../client/index.ts';
import { accuracyMetric, lossMetric } from './demo-study.ts';
import type { StudyWatch } from './study-watch.ts';

export interface FollowStudyOptions {
  /** The cursor to begin after. */
  readonly after: string;
  /** Ends the following, without an error. */
  readonly signal: AbortSignal;
  /** Told each event after the watch. */
  readonly onEvent: (event: StudyEvent) => void;
}

/** Keeps a watch up to date by two subscriptions, until the study has finished. */
export async function followStudy(
  study: Study,
  watch: StudyWatch,
  { after, signal, onEvent }: FollowStudyOptions,
): Promise<void> {
  const finished = new AbortController();
  const ended = AbortSignal.any([signal, finished.signal]);

  const followEvents = async (): Promise<void> => {
    for await (const { events } of study.events({ after, signal: ended })) {
      for (const event of events) {
        watch.addEvent(event);
        onEvent(event);
      }
      if (watch.stopReason !== null) return;
    }
  };
  const followMetrics = async (): Promise<void> => {
    const names = [lossMetric, accuracyMetric];
    for await (const batch of study.metrics({ names, after: '0', signal: ended })) watch.addMetrics(batch);
  };

  const end = (): void => finished.abort();
  await Promise.all([followEvents().finally(end), followMetrics().finally(end)]);
}
