import { type Aftermath, flatPoints, type WrittenPoint } from '../aftermath.ts';

/** Whoever followed a study from its beginning saw every point that is stored, and none twice. */
export function missedByFollowers({ studies }: Aftermath): string[] {
  return studies.flatMap(({ study, watch, written }) => {
    const faults: string[] = [];
    const seen = flatPoints(watch.points).map(describe).sort();
    const stored = written.map(describe).sort();
    if (seen.length !== stored.length || seen.some((point, i) => point !== stored[i]))
      faults.push(`${study.name}: ${seen.length} points were seen, and ${stored.length} are stored`);
    return faults;
  });
}

function describe({ trial, name, step, value }: WrittenPoint): string {
  return `${trial} ${name} ${step} ${Object.is(value, -0) ? '-0' : value}`;
}
