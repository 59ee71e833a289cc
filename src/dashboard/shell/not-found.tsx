import { IconFlaskOff, IconMapOff } from '@tabler/icons-react';
import { LinkButton } from '../parts/link-button.tsx';
import { EmptyState } from './empty-state.tsx';

const kinds = {
  page: {
    icon: <IconMapOff size={28} stroke={1.5} />,
    title: 'There is no page at this address',
    why: 'It may have been mistyped, or what it showed was deleted.',
  },
  study: {
    icon: <IconFlaskOff size={28} stroke={1.5} />,
    title: 'There is no such study',
    why: 'It may have been deleted.',
  },
  trial: {
    icon: <IconFlaskOff size={28} stroke={1.5} />,
    title: 'There is no such trial',
    why: 'Its study may have been deleted.',
  },
};

/** Stands where an address names what is not there, or is there no more. */
export function NotFound({ kind = 'page' }: { readonly kind?: keyof typeof kinds }) {
  const { icon, title, why } = kinds[kind];
  return (
    <EmptyState
      icon={icon}
      title={title}
      isPage
      action={
        <LinkButton to="/studies" variant="default">
          All studies
        </LinkButton>
      }
    >
      {why}
    </EmptyState>
  );
}
