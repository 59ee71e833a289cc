import type { EventBus } from './event-bus.ts';

type StudyNews = 'studyChanged' | 'metricsStored' | 'logStored';

/**
 * Wakes a reader at some kinds of news of a study.
 * @param onDoubt called when the study may have been deleted, or news of it may have been missed; the reader looks
 * @returns a function that ends the watch
 */
export function watchStudy(
  bus: EventBus,
  studyId: number,
  names: readonly StudyNews[],
  wake: () => void,
  onDoubt: () => void = wake,
): () => void {
  const ends = names.map((name) => bus.subscribe(name, (event) => event.studyId === studyId && wake()));
  ends.push(
    bus.subscribe('studyDeleted', (event) => event.studyId === studyId && onDoubt()),
    bus.subscribe('eventsMissed', onDoubt),
  );
  return () => {
    for (const end of ends) end();
  };
}
