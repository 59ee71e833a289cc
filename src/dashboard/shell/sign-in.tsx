import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Session } from '../live/session.ts';
import classes from './sign-in.module.css';

/** Asks for the access token of a server that wants one. It is kept until the browser's tab is closed. */
export function SignIn({ onSession }: { onSession(session: Session): void }) {
  const [token, setToken] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);

  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    setIsAsking(true);
    try {
      const session = await Session.signIn(token);
      if (session === null) setRefusal('The server does not accept this token.');
      else onSession(session);
    } catch {
      setRefusal('The server cannot be reached. Is it running?');
    } finally {
      setIsAsking(false);
    }
  };

  return (
    <main className={classes.page}>
      <form className={classes.form} onSubmit={signIn}>
        <h1>trialgraph</h1>
        <PasswordInput
          label="Access token"
          description="The one that the server was started with (TRIALGRAPH_TOKEN)"
          size="sm"
          autoComplete="current-password"
          autoFocus
          required
          value={token}
          error={refusal}
          onChange={(event) => {
            setToken(event.currentTarget.value);
            setRefusal(null);
          }}
        />
        <Button type="submit" size="sm" loading={isAsking}>
          Open the dashboard
        </Button>
      </form>
    </main>
  );
}
