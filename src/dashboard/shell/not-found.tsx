import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from './empty-state.tsx';

export function NotFound() {
  return (
    <EmptyState
      icon={<IconMapOff size={28} stroke={1.5} />}
      title="There is no page at this address"
      action={
        <Button component={Link} to="/studies" variant="default">
          All studies
        </Button>
      }
    >
      It may have been mistyped, or what it showed was deleted.
    </EmptyState>
  );
}
