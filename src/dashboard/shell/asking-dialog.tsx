import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

/** A dialog that is there as long as it is open. Focus goes back to what opened it: of a menu's item, to the menu's button. */
export function AskingDialog(props: Omit<ModalProps, 'opened' | 'returnFocus'>) {
  const [opener] = useState(openerNow);
  useEffect(() => () => opener?.focus(), [opener]);
  return <Modal opened returnFocus={false} {...props} />;
}

function openerNow(): HTMLElement | null {
  const active = document.activeElement as HTMLElement | null;
  const menu = active?.closest('[role="menu"]');
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : active;
}
