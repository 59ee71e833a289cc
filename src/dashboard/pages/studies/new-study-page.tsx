import { EmptyState } from '../../shell/empty-state.tsx';
import { Page } from '../../shell/page.tsx';

export function NewStudyPage() {
  return (
    <Page title="New study">
      <EmptyState title="New study" />
    </Page>
  );
}
