import { createContext, useContext } from 'react';
import type { StudyData } from '../../../client/index.ts';

export const StudyContext = createContext<StudyData | null>(null);

/** The study that the page shows, as it is now; for everything on the tabs of a study's page. */
export function useStudy(): StudyData {
  return useContext(StudyContext)!;
}
