import { Outlet } from '@tanstack/react-router';
import { ConnectionBanner } from './connection-banner.tsx';
import classes from './layout.module.css';
import { Navigation } from './navigation.tsx';

/** The frame of all pages. */
export function Layout() {
  return (
    <div className={classes.layout}>
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <Navigation />
      <main id="content" className={classes.content} tabIndex={-1}>
        <ConnectionBanner />
        <Outlet />
      </main>
    </div>
  );
}
