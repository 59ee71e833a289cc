import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { NetworkError, TrialgraphError } from '../../client/index.ts';
import { EmptyState } from './empty-state.tsx';

/** What went wrong, and what to do about it. */
export function Problem({ error, onRetry }: { readonly error: Error; onRetry?: () => void }) {
  const isUpdated = isOfUpdate(error);
  return (
    <EmptyState
      icon={<IconAlertTriangle size={28} stroke={1.5} />}
      title={titleOf(error)}
      action={
        isUpdated ? (
          <Button onClick={() => window.location.reload()}>Reload</Button>
        ) : onRetry ? (
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        ) : undefined
      }
    >
      <span role="alert">
        {isUpdated ? 'The server has another version now, of which this page lacks a part.' : error.message}
      </span>
    </EmptyState>
  );
}

function titleOf(error: Error): string {
  if (error instanceof NetworkError) return 'The server cannot be reached';
  if (error instanceof TrialgraphError) return 'The server refused';
  if (isOfUpdate(error)) return 'Reload the page: it was updated';
  return 'This part of the page failed';
}

/** Whether a page of an older version asked for files that an update has removed, as far as browsers and Vite tell. */
function isOfUpdate({ message }: Error): boolean {
  return /dynamically imported module|module script|preload CSS/i.test(message);
}
