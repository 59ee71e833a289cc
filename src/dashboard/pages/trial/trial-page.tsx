import { getRouteApi } from '@tanstack/react-router';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Page } from '../../shell/page.tsx';

const route = getRouteApi('/trials/$id');

export function TrialPage() {
  const { id } = route.useParams();
  return (
    <Page title={id}>
      <EmptyState title={id} />
    </Page>
  );
}
