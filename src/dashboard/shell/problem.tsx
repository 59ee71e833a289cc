import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { NetworkError, TrialgraphError } from '../../client/index.ts';
import { EmptyState } from './empty-state.tsx';

/** What went wrong, and what to do about it. */
export function Problem({ error, onRetry }: { readonly error: Error; onRetry?: () => void }) {
  return (
    <EmptyState
      icon={<IconAlertTriangle size={28} stroke={1.5} />}
      title={titleOf(error)}
      action={
        onRetry ? (
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        ) : undefined
      }
    >
      <span role="alert">{error.message}</span>
    </EmptyState>
  );
}

function titleOf(error: Error): string {
  if (error instanceof NetworkError) return 'The server cannot be reached';
  if (error instanceof TrialgraphError) return 'The server refused';
  // A page of an older version asks for files that an update has removed.
  if (/dynamically imported module|module script/i.test(error.message))
    return 'Reload the page: it was updated';
  return 'This part of the page failed';
}
