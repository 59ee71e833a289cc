import { useEffect, useState } from 'react';
import type { LiveStudy, LiveStudyState } from './live-study.ts';
import { useSession } from './session-context.ts';

/** The study with this id as it is now; equal ids share one subscription. */
export function useLiveStudy(id: string): LiveStudyState {
  const live = useOpenStudy(id);
  const [state, setState] = useState<LiveStudyState>({ status: 'loading' });
  useEffect(() => {
    if (live === null) return;
    setState(live.state.get());
    return live.state.subscribe(() => setState(live.state.get()));
  }, [live]);
  return state;
}

/** For hooks that listen to the study's events; null before it is open. */
export function useOpenStudy(id: string | null): LiveStudy | null {
  const session = useSession();
  const [live, setLive] = useState<LiveStudy | null>(null);
  useEffect(() => {
    if (id === null) return setLive(null);
    setLive(session.openStudy(id));
    return () => session.releaseStudy(id);
  }, [session, id]);
  return live;
}
