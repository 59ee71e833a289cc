import { Modal, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ArtifactData } from '../../../client/index.ts';
import { readArtifact } from './read-artifact.ts';
import classes from './trial-artifacts.module.css';

/** A picture of a trial, small; a click shows it large. */
export function ArtifactPicture({ artifact }: { readonly artifact: ArtifactData }) {
  const [url, setUrl] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [isLarge, setIsLarge] = useState(false);
  const { url: address, name, contentType } = artifact;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the artifact is another object after each answer
  useEffect(() => {
    let made: string | null = null;
    let isGone = false;
    readArtifact(artifact).then(
      (blob) => {
        if (isGone) return;
        // The type that was checked, not the one that the answer has.
        made = URL.createObjectURL(new Blob([blob], { type: contentType }));
        setUrl(made);
      },
      (error: Error) => setFault(error.message),
    );
    return () => {
      isGone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [address, contentType]);
  if (fault !== null) return <span className={classes.dim}>{fault}</span>;
  return (
    <figure className={classes.picture}>
      <UnstyledButton aria-label={`Show ${name} large`} onClick={() => setIsLarge(true)}>
        {url === null ? <span className={classes.place} /> : <img src={url} alt={name} />}
      </UnstyledButton>
      <figcaption title={name}>{name}</figcaption>
      <Modal opened={isLarge} onClose={() => setIsLarge(false)} title={name} size="auto">
        {url !== null && <img className={classes.large} src={url} alt={name} />}
      </Modal>
    </figure>
  );
}
