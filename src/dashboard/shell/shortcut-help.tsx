import { Kbd, Modal } from '@mantine/core';
import classes from './shortcut-help.module.css';
import { useShortcuts } from './shortcuts.tsx';

/** The list of the shortcuts that work on this page. */
export function ShortcutHelp({ isOpen, onClose }: { readonly isOpen: boolean; onClose(): void }) {
  const shortcuts = useShortcuts();
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keyboard shortcuts" size="sm">
      <dl className={classes.list}>
        {shortcuts.map(({ keys, meaning }) => (
          <div key={`${keys} ${meaning}`}>
            <dt>{meaning}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
