import { PrismaPg } from '@prisma/adapter-pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { PrismaClient } from '../../src/storage/prisma/client.ts';
import type { StudyRecord } from '../../src/storage/records.ts';
import {
  type StudyFilter,
  type StudyOrder,
  type StudyOrderField,
  type StudyPosition,
  StudyStore,
} from '../../src/storage/study-store.ts';
import { StudyWriter } from '../../src/storage/study-writer.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { studySettings } from '../support/study-settings.ts';

const { pool } = await createTestDatabase();
const writer = new StudyWriter(pool, () => {});
const store = new StudyStore(new PrismaClient({ adapter: new PrismaPg(pool) }));

const names = ['a', 'b_c', 'bxc', '100%', '1000', 'back\\slash', 'Über', 'A', "quote's", 'tab\t'];

beforeAll(async () => {
  for (const [i, name] of names.entries()) {
    const tags = ['all', ...(i % 2 === 0 ? ['even'] : []), ...(i % 3 === 0 ? ['third'] : [])];
    await writer.create(studySettings({ name, tags, project: i < 8 ? 'default' : 'other' }), 0);
  }
  // Ties, to be broken by id.
  await pool.query(
    `UPDATE study SET created_at = date_trunc('minute', created_at) - (id % 3) * interval '1 hour'`,
  );
});

describe.each<[StudyOrderField, boolean]>(
  (['CREATED_AT', 'NAME', 'UPDATED_AT'] as const).flatMap((field) => [
    [field, false],
    [field, true],
  ]),
)('pages of studies by %s, descending %s', (field, descending) => {
  const order = { field, descending };
  const filter = { tags: ['all'] };

  test.each([1, 3, 10])('show each once, %i at a time', async (size) => {
    const whole = (await store.page({ filter, order, limit: 100, after: null })).map(({ study }) => study);
    expect(whole).toHaveLength(names.length);
    expect(idsOf(await readPages(order, size, filter))).toEqual(idsOf(whole));
    const keys = whole.map(({ createdAt, updatedAt }) =>
      (field === 'CREATED_AT' ? createdAt : updatedAt).getTime(),
    );
    if (field !== 'NAME') expect(keys).toEqual([...keys].sort((a, b) => (descending ? b - a : a - b)));
  });

  test('go on where they were when the study that ended the page was deleted', async () => {
    const project = `deleted ${field} ${descending}`;
    for (const name of names.slice(0, 5)) await writer.create(studySettings({ name, project }), 0);
    const seen = await readPages(order, 2, { project }, (last) => writer.delete(last.id));
    expect(seen.map((study) => study.name).sort()).toEqual(names.slice(0, 5).sort());
  });

  test('show each that stays where it is once, while others are renewed', async () => {
    const project = `renewed ${field} ${descending}`;
    for (const name of names.slice(0, 5)) await writer.create(studySettings({ name, project }), 0);
    const renewed: number[] = [];
    const seen = await readPages(order, 1, { project }, async ({ id }) => {
      if (renewed.push(id) > 2) return;
      await writer.change(id, async (change) => change.saveStudy('STUDY_UPDATED', change.study));
    });
    const stayed = idsOf(seen).filter((id) => !renewed.slice(0, 2).includes(id));
    expect(new Set(stayed).size).toBe(stayed.length);
    expect(new Set(idsOf(seen)).size).toBe(5);
  });
});

test.each<[string, StudyFilter, string[]]>([
  ['a project', { project: 'other' }, ["quote's", 'tab\t']],
  ['all of some tags', { tags: ['even', 'third'] }, ['a', 'Über']],
  ['a part of the name in any case', { nameContains: 'ÜB' }, ['Über']],
  ['a percent sign, which is no wildcard', { nameContains: '%' }, ['100%']],
  ['an underscore, which is no wildcard', { nameContains: 'b_' }, ['b_c']],
  ['a backslash', { nameContains: '\\' }, ['back\\slash']],
  ['a state', { states: ['RUNNING'] }, []],
  ['no state at all', { states: [] }, []],
])('a filter finds studies by %s', async (_, filter, expected) => {
  const order = { field: 'CREATED_AT', descending: false } as const;
  const page = await store.page({ filter: { tags: ['all'], ...filter }, order, limit: 100, after: null });
  expect(page.map(({ study }) => study.name).sort()).toEqual([...expected].sort());
  expect(await store.count({ tags: ['all'], ...filter })).toBe(expected.length);
});

/** All pages; `between` is given the study that each ends with. */
async function readPages(
  order: StudyOrder,
  limit: number,
  filter: StudyFilter,
  between: (last: StudyRecord) => Promise<unknown> = async () => {},
): Promise<StudyRecord[]> {
  const read: StudyRecord[] = [];
  for (let after: StudyPosition | null = null; read.length < 50; ) {
    const page = await store.page({ filter, order, limit, after });
    if (page.length === 0) break;
    read.push(...page.map(({ study }) => study));
    after = page.at(-1)!.position;
    await between(read.at(-1)!);
  }
  return read;
}

function idsOf(studies: readonly StudyRecord[]): number[] {
  return studies.map((study) => study.id);
}
