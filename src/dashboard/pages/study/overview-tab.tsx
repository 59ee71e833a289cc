import { EmptyState } from '../../shell/empty-state.tsx';
import { useStudy } from './study-context.ts';

export function OverviewTab() {
  const study = useStudy();
  return <EmptyState title="Overview">{study.trialCounts.total} trials</EmptyState>;
}
