import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCopy, IconDownload, IconFile, IconPhoto } from '@tabler/icons-react';
import type { ArtifactData } from '../../../client/index.ts';
import { Panel } from '../../charts/parts/panel.tsx';
import { formatAge } from '../../format/age.ts';
import { formatBytes } from '../../format/bytes.ts';
import { useAction } from '../../live/use-action.ts';
import { useNow } from '../../live/use-now.ts';
import { copyText } from '../../parts/copy-text.ts';
import { ArtifactPicture } from './artifact-picture.tsx';
import { isPicture, readArtifact } from './read-artifact.ts';
import classes from './trial-artifacts.module.css';

/** The files of a trial; pictures are shown. */
export function TrialArtifacts({ artifacts }: { readonly artifacts: readonly ArtifactData[] }) {
  if (artifacts.length === 0) return null;
  const pictures = artifacts.filter(isPicture);
  return (
    <Panel title="Files" note={String(artifacts.length)}>
      {pictures.length > 0 && (
        <div className={classes.pictures}>
          {pictures.map((artifact) => (
            <ArtifactPicture key={`${artifact.name} ${artifact.sha256}`} artifact={artifact} />
          ))}
        </div>
      )}
      <ul className={classes.files}>
        {artifacts.map((artifact) => (
          <ArtifactLine key={artifact.name} artifact={artifact} />
        ))}
      </ul>
    </Panel>
  );
}

function ArtifactLine({ artifact }: { readonly artifact: ArtifactData }) {
  const { name, size, sha256, createdAt, contentType } = artifact;
  const now = useNow(30_000);
  const [download, isLoading] = useAction(async () => {
    const url = URL.createObjectURL(await readArtifact(artifact));
    const link = document.createElement('a');
    link.href = url;
    link.download = name.slice(name.lastIndexOf('/') + 1);
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  const Icon = isPicture(artifact) ? IconPhoto : IconFile;
  return (
    <li className={classes.file}>
      <Icon size={14} stroke={1.6} className={classes.icon} aria-hidden />
      <span className={classes.name} title={`${name} (${contentType})`}>
        {name}
      </span>
      <span className={`${classes.dim} numeric`}>{formatBytes(size)}</span>
      <span className={`${classes.dim} ${classes.age}`}>{formatAge(createdAt, now)}</span>
      <Tooltip label={`Copy sha256 ${sha256}`} multiline maw={340} style={{ overflowWrap: 'anywhere' }}>
        <ActionIcon size="sm" aria-label={`Copy the sha256 of ${name}`} onClick={() => void copyText(sha256)}>
          <IconCopy size={13} />
        </ActionIcon>
      </Tooltip>
      <ActionIcon
        size="sm"
        aria-label={`Download ${name}`}
        loading={isLoading}
        onClick={() => void download()}
      >
        <IconDownload size={14} />
      </ActionIcon>
    </li>
  );
}
