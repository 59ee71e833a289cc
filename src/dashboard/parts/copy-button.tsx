import { Button, type ButtonProps } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';

const shownMs = 1000;

export interface CopyButtonProps extends ButtonProps {
  readonly text: string;
  /** What the button says; Copy where absent. */
  readonly children?: string;
}

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, children = 'Copy', ...button }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    try {
      await copyText(text);
      setIsCopied(true);
    } catch (error) {
      notifications.show({ color: 'red', title: 'That did not work', message: (error as Error).message });
    }
  };
  return (
    <Button
      variant="default"
      leftSection={isCopied ? <IconCheck size={13} /> : <IconCopy size={13} />}
      onClick={() => void copy()}
      {...button}
    >
      {isCopied ? 'Copied' : children}
    </Button>
  );
}
