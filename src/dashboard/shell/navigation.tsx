import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconApi,
  IconCpu,
  IconDeviceDesktop,
  IconFlask2,
  IconKeyboard,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../live/session-context.ts';
import { useStore } from '../live/store.ts';
import classes from './navigation.module.css';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcut } from './shortcuts.tsx';

const icon = { size: 17, stroke: 1.6 };

/** The way to all pages: a column at the left, a row at the top of narrow screens. */
export function Navigation() {
  const navigate = useNavigate();
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const devices = useStore(useSession().devices) ?? [];
  const running = devices.reduce((sum, { runningTrials }) => sum + runningTrials, 0);
  useShortcut('g s', 'Go to the studies', () => void navigate({ to: '/studies' }));
  useShortcut('g d', 'Go to the devices', () => void navigate({ to: '/devices' }));
  useShortcut('n', 'New study', () => void navigate({ to: '/studies/new' }));
  useShortcut('?', 'Show the keyboard shortcuts', () => setIsHelpOpen(true));
  return (
    <nav className={classes.navigation} aria-label="Pages">
      <Link to="/studies" className={classes.brand} aria-label="trialgraph: all studies">
        <img src={new URL('../icon.svg', import.meta.url).href} alt="" width={22} height={22} />
        <span>trialgraph</span>
      </Link>
      <div className={classes.links}>
        <Link to="/studies" className={classes.link}>
          <IconFlask2 {...icon} />
          <span>Studies</span>
        </Link>
        <Link to="/devices" className={classes.link}>
          <IconCpu {...icon} />
          <span>Devices</span>
          {running > 0 && (
            <span className={classes.count} title={`${running} running trials`}>
              {running}
            </span>
          )}
        </Link>
        <a href="/graphql" className={classes.link}>
          <IconApi {...icon} />
          <span>API explorer</span>
        </a>
      </div>
      <div className={classes.foot}>
        <SchemeButton />
        <Tooltip label="Keyboard shortcuts (?)">
          <ActionIcon
            className={classes.help}
            aria-label="Keyboard shortcuts"
            onClick={() => setIsHelpOpen(true)}
          >
            <IconKeyboard {...icon} />
          </ActionIcon>
        </Tooltip>
      </div>
      <ShortcutHelp isOpen={isHelpOpen} onClose={() => setIsHelpOpen(false)} />
    </nav>
  );
}

const nextScheme = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const schemeIcon = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };
const schemeName = { auto: 'as the system', light: 'light', dark: 'dark' };

function SchemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme();
  const Icon = schemeIcon[colorScheme];
  useShortcut('t', 'Light or dark', () => setColorScheme(shown === 'dark' ? 'light' : 'dark'));
  const label = `Colours: ${schemeName[colorScheme]}`;
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={() => setColorScheme(nextScheme[colorScheme])}>
        <Icon {...icon} />
      </ActionIcon>
    </Tooltip>
  );
}
