import type { ArtifactContent } from '../artifact.ts';
import { type TrialContext, TrialStopped } from '../trainable.ts';

/** Stores a file that a trial can do without: where that fails, its log says why, and it goes on. */
export async function keepArtifact(
  trial: Pick<TrialContext, 'artifact' | 'log'>,
  name: string,
  content: ArtifactContent,
): Promise<void> {
  try {
    await trial.artifact(name, content);
  } catch (error) {
    if (error instanceof TrialStopped) throw error;
    trial.log((error as Error).message);
  }
}
