import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { Session } from '../../../live/session.ts';
import type { JsonFields } from './json-fields.ts';
import type { SpaceFault } from './space-check.ts';

/** What is wrong with the form of a search space while it is edited; nothing as long as the server's schema is not here. */
export function useSpaceFaults(space: JsonFields): readonly SpaceFault[] {
  const { data: check } = useQuery({ queryKey: ['search space check'], queryFn: loadCheck });
  const edited = useDeferredValue(space);
  return useMemo(() => check?.of(edited) ?? [], [check, edited]);
}

async function loadCheck() {
  const [{ spaceCheck }, response] = await Promise.all([
    import('./space-check.ts'),
    fetch('/schemas/search-space.json', { headers: Session.headers() }),
  ]);
  if (!response.ok) throw new Error(`The schema of search spaces cannot be had: ${response.status}`);
  return { of: spaceCheck(await response.json()) };
}
