import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

/** What had the focus last, also when it is gone: of a dialog whose code is loaded first, the menu is closed by then. */
let lastFocused: HTMLElement | null = null;
document.addEventListener('focusin', ({ target }) => {
  lastFocused = target as HTMLElement;
});

/** A dialog that is there as long as it is open. Focus goes back to what opened it: of a menu's item, to the menu's button. */
export function AskingDialog(props: Omit<ModalProps, 'opened' | 'returnFocus'>) {
  const [opener] = useState(openerNow);
  useEffect(() => () => opener?.focus(), [opener]);
  return <Modal opened returnFocus={false} {...props} />;
}

function openerNow(): HTMLElement | null {
  const menu = lastFocused?.closest('[role="menu"]');
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : lastFocused;
}
