import { EmptyState } from '../../shell/empty-state.tsx';
import { useStudy } from './study-context.ts';

export function TrialsTab() {
  const study = useStudy();
  return <EmptyState title="Trials">{study.trialCounts.total} trials</EmptyState>;
}
