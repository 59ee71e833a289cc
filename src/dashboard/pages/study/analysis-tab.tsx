import { EmptyState } from '../../shell/empty-state.tsx';
import { useStudy } from './study-context.ts';

export function AnalysisTab() {
  const study = useStudy();
  return <EmptyState title="Analysis">{study.trialCounts.total} trials</EmptyState>;
}
