import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { ConnectionBanner } from './connection-banner.tsx';
import classes from './layout.module.css';
import { Navigation } from './navigation.tsx';

/** The frame of all pages. */
export function Layout() {
  const content = useRef<HTMLElement>(null);
  const router = useRouter();
  // The keyboard goes on in the new page where what it was on has gone with the old one.
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (fromLocation === undefined || !pathChanged || document.activeElement !== document.body) return;
        content.current?.focus({ preventScroll: true });
      }),
    [router],
  );
  return (
    <div className={classes.layout}>
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <Navigation />
      <main ref={content} id="content" className={classes.content} tabIndex={-1}>
        <ConnectionBanner />
        <Outlet />
      </main>
    </div>
  );
}
