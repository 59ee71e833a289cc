import { IconMapOff } from '@tabler/icons-react';
import { LinkButton } from '../parts/link-button.tsx';
import { EmptyState } from './empty-state.tsx';

export function NotFound() {
  return (
    <EmptyState
      icon={<IconMapOff size={28} stroke={1.5} />}
      title="There is no page at this address"
      isPage
      action={
        <LinkButton to="/studies" variant="default">
          All studies
        </LinkButton>
      }
    >
      It may have been mistyped, or what it showed was deleted.
    </EmptyState>
  );
}
