import type { SampleStudies } from './sample-studies.ts';

/** A picture of a page: its file's name and the address that it shows. */
export interface Picture {
  readonly name: string;
  /** From the server's address on. */
  readonly path: string;
}

/** Every page of the dashboard, as the sample studies show it best. */
export async function picturesOf({ pareto, pruned, running }: SampleStudies): Promise<readonly Picture[]> {
  const [best] = await pruned.bestTrials({ first: 1 });
  return [
    { name: 'studies', path: '/studies' },
    { name: 'new-study', path: '/studies/new?trainable=dense' },
    { name: 'compare-studies', path: `/studies/compare?studies=${JSON.stringify([pruned.id, running.id])}` },
    { name: 'study', path: `/studies/${running.id}` },
    { name: 'study-pareto', path: `/studies/${pareto.id}` },
    { name: 'curves', path: `/studies/${pruned.id}/curves` },
    { name: 'trials', path: `/studies/${pruned.id}/trials` },
    { name: 'analysis', path: `/studies/${pareto.id}/analysis` },
    { name: 'compare', path: `/studies/${pruned.id}/compare?trials=[0,1,2]` },
    { name: 'trial', path: `/trials/${best!.id}` },
    { name: 'devices', path: '/devices' },
  ];
}
