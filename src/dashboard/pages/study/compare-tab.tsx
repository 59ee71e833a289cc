import { EmptyState } from '../../shell/empty-state.tsx';
import { useStudy } from './study-context.ts';

export function CompareTab() {
  const study = useStudy();
  return <EmptyState title="Compare">{study.trialCounts.total} trials</EmptyState>;
}
