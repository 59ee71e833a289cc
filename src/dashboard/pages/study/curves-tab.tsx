import { EmptyState } from '../../shell/empty-state.tsx';
import { useStudy } from './study-context.ts';

export function CurvesTab() {
  const study = useStudy();
  return <EmptyState title="Curves">{study.trialCounts.total} trials</EmptyState>;
}
