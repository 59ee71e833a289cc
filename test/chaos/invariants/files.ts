import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { type Aftermath, groupBy } from '../aftermath.ts';
import { entriesOf } from '../ledger.ts';

/** Files have the content that their digest says, acknowledged ones are there, and there are no others. */
export async function brokenFiles({ arena, studies, entries }: Aftermath): Promise<string[]> {
  const faults: string[] = [];
  const uploaded = groupBy(entriesOf(entries, 'uploaded'), ({ trial }) => trial);
  for (const ended of studies) {
    for (const { id, state } of ended.trials) {
      const trial = await arena.client.trial(id);
      const artifacts = new Map((await trial.artifacts()).map((artifact) => [artifact.name, artifact]));
      for (const { name, sha256 } of artifacts.values()) {
        const content = await (await trial.download(name)).arrayBuffer();
        const digest = createHash('sha256').update(Buffer.from(content)).digest('hex');
        if (digest !== sha256) faults.push(`${id}: ${name} has the digest ${digest}, not ${sha256}`);
      }
      for (const { name, sha256 } of uploaded.get(id) ?? []) {
        if (artifacts.get(name)?.sha256 !== sha256)
          faults.push(
            `${id}: ${name} was acknowledged with ${sha256}, and is ${artifacts.get(name)?.sha256}`,
          );
      }
      if (ended.round.input.trainable !== undefined && state === 'COMPLETED' && !artifacts.has('result.txt'))
        faults.push(`${id}: completed without the file that it stored`);
    }
  }
  return [...faults, ...(await strayFiles(arena))];
}

async function strayFiles(arena: Aftermath['arena']): Promise<string[]> {
  const known = await arena.sql(async (client) => {
    const { rows } = await client.query<{ sha256: string }>('SELECT sha256 FROM artifact_blob');
    return new Set(rows.map((row) => row.sha256));
  });
  const found = await readdir(arena.disk.directory, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && !known.has(entry.name))
    .map(({ name }) => `the file ${name} belongs to nobody`);
}
