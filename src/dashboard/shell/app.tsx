import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { Session } from '../live/session.ts';
import { SessionContext } from '../live/session-context.ts';
import { useStore } from '../live/store.ts';
import { router } from '../router.tsx';
import { cssVariables, theme } from '../theme/theme.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { ShortcutProvider } from './shortcuts.tsx';
import { SignIn } from './sign-in.tsx';

export function App() {
  const [session, setSession] = useState(() => new Session());
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <ErrorBoundary>
        <SessionContext value={session}>
          <QueryClientProvider client={session.queries}>
            <Pages session={session} onSession={setSession} />
          </QueryClientProvider>
        </SessionContext>
      </ErrorBoundary>
    </MantineProvider>
  );
}

function Pages({ session, onSession }: { readonly session: Session; onSession(session: Session): void }) {
  if (useStore(session.needsToken)) {
    return (
      <SignIn
        onSession={(next) => {
          session.close();
          onSession(next);
        }}
      />
    );
  }
  return (
    <ShortcutProvider>
      <RouterProvider router={router} context={{ session }} />
    </ShortcutProvider>
  );
}
