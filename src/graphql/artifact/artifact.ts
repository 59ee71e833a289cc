import type { ArtifactRecord } from '../../storage/artifacts/artifact-store.ts';
import { builder } from '../builder.ts';
import { globalId, parseGlobalId } from '../global-id.ts';
import { TrialRef } from '../node.ts';

const Artifact = builder.objectRef<ArtifactRecord>('Artifact').implement({
  description: 'A file of a trial: a checkpoint, a model, a picture, a log.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'A relative path, such as checkpoints/best.bin.' }),
    size: t.exposeFloat('size', { description: 'In bytes.' }),
    sha256: t.exposeString('sha256', { description: 'Of its content, in hexadecimal digits.' }),
    contentType: t.exposeString('contentType'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    url: t.string({
      description: 'Where it is downloaded, from this server’s address on; PUT and DELETE work there too.',
      resolve: artifactPath,
    }),
  }),
});

builder.objectField(TrialRef, 'artifacts', (t) =>
  t.field({
    type: [Artifact],
    description: 'The files of this trial, by name.',
    resolve: (trial, _, { loaders }) => loaders.artifacts.load(trial.id),
  }),
);

builder.mutationField('deleteArtifact', (t) =>
  t.field({
    type: TrialRef,
    description: 'Deletes a file of a trial; its content goes with the last file that has it.',
    args: {
      trial: t.arg.id({ required: true }),
      name: t.arg.string({ required: true }),
      attempt: t.arg.int({ description: 'The fencing token; a stale one is refused (CONFLICT).' }),
    },
    resolve: (_, { trial, name, attempt }, { engine }) =>
      engine.artifacts.remove({ trialId: parseGlobalId('trial', trial, 'trial'), name, attempt }),
  }),
);

/** The path of an artifact over HTTP: `/artifacts/trial-12/checkpoints/best.bin`. */
export function artifactPath({ trialId, name }: Pick<ArtifactRecord, 'trialId' | 'name'>): string {
  return `/artifacts/${globalId('trial', trialId)}/${name.split('/').map(encodeURIComponent).join('/')}`;
}
