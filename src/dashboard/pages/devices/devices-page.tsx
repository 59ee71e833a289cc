import { useSession } from '../../live/session-context.ts';
import { useStore } from '../../live/store.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Page } from '../../shell/page.tsx';

export function DevicesPage() {
  const devices = useStore(useSession().devices) ?? [];
  return (
    <Page title="Devices">
      <EmptyState title="Devices">{devices.map(({ name }) => name).join(', ')}</EmptyState>
    </Page>
  );
}
