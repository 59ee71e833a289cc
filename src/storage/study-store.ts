import { notFound } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';
import type { StudyState } from '../core/study.ts';
import { textFault } from '../core/text-fault.ts';
import type { Prisma, PrismaClient } from './prisma/client.ts';
import type { StudyRecord } from './records.ts';

export interface StudyFilter {
  readonly project?: string | null | undefined;
  readonly nameContains?: string | null | undefined;
  readonly states?: readonly StudyState[] | null | undefined;
  /** Studies that have all of these tags. */
  readonly tags?: readonly string[] | null | undefined;
}

export type StudyOrderField = 'CREATED_AT' | 'NAME' | 'UPDATED_AT';
export interface StudyOrder {
  readonly field: StudyOrderField;
  readonly descending: boolean;
}

export interface StudyPageRequest {
  readonly filter: StudyFilter;
  readonly order: StudyOrder;
  readonly limit: number;
  readonly after: StudyPosition | null;
}

/** The place of a study in an order: where the next page goes on, whatever became of the study meanwhile. */
export interface StudyPosition {
  /** The name, or the time in ISO 8601. */
  readonly key: string;
  readonly id: number;
}

export interface PlacedStudy {
  readonly study: StudyRecord;
  readonly position: StudyPosition;
}

/** Reads studies. */
export class StudyStore {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async find(id: number): Promise<StudyRecord | null> {
    return (await this.#prisma.study.findUnique({ where: { id, ...visible }, omit })) as StudyRecord | null;
  }

  /** @throws CallerError NOT_FOUND */
  async get(id: number): Promise<StudyRecord> {
    const study = await this.find(id);
    if (study === null) throw notFound('study', id);
    return study;
  }

  /** The studies of these ids; null where there is none. */
  async findMany(ids: readonly number[]): Promise<(StudyRecord | null)[]> {
    const studies = (await this.#prisma.study.findMany({
      where: { id: { in: [...ids] }, ...visible },
      omit,
    })) as unknown as StudyRecord[];
    const byId = new Map(studies.map((study) => [study.id, study]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  async findByName(project: string, name: string): Promise<StudyRecord | null> {
    const where = { project, name, ...visible };
    return (await this.#prisma.study.findFirst({ where, omit })) as StudyRecord | null;
  }

  async runningIds(): Promise<number[]> {
    const rows = await this.#prisma.study.findMany({
      where: { state: 'RUNNING', ...visible },
      select: { id: true },
    });
    return rows.map((row) => row.id);
  }

  /** Where the studies of these trainables run: each combination once. */
  ofTrainables(trainables: string[]): Promise<Pick<StudyRecord, 'trainable' | 'isolation'>[]> {
    return this.#prisma.study.findMany({
      where: { trainable: { in: trainables }, ...visible },
      select: { trainable: true, isolation: true },
      distinct: ['trainable', 'isolation'],
    }) as Promise<Pick<StudyRecord, 'trainable' | 'isolation'>[]>;
  }

  async page({ filter, order, limit, after }: StudyPageRequest): Promise<PlacedStudy[]> {
    const direction = order.descending ? 'desc' : 'asc';
    const field = orderFields[order.field];
    const studies = (await this.#prisma.study.findMany({
      where: after === null ? toWhere(filter) : { AND: [toWhere(filter), toWhereAfter(order, after)] },
      orderBy: [{ [field]: direction }, { id: direction }],
      take: limit,
      omit,
    })) as unknown as StudyRecord[];
    return studies.map((study) => {
      const key = study[field];
      return { study, position: { key: key instanceof Date ? key.toISOString() : key, id: study.id } };
    });
  }

  /** The tags that studies have, by name. */
  async tags(): Promise<string[]> {
    const rows = await this.#prisma.$queryRaw<{ tag: string }[]>`
      SELECT DISTINCT tag FROM study, unnest(tags) AS tag WHERE deleted_at IS NULL ORDER BY tag`;
    return rows.map(({ tag }) => tag);
  }

  count(filter: StudyFilter): Promise<number> {
    return this.#prisma.study.count({ where: toWhere(filter) });
  }
}

/** Studies that are not deleted. */
const visible = { deletedAt: null } as const;
const omit = { deletedAt: true } as const;

const orderFields = { CREATED_AT: 'createdAt', NAME: 'name', UPDATED_AT: 'updatedAt' } as const;

/** Whether something can be a position in this order: cursors come from outside. */
export function isStudyPosition({ field }: StudyOrder, value: unknown): value is StudyPosition {
  if (!isJsonObject(value)) return false;
  const { key, id } = value;
  if (typeof key !== 'string' || !Number.isInteger(id) || Math.abs(id as number) > 0x7fffffff) return false;
  return field === 'NAME' ? textFault(key) === null : isTime(key);
}

function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

function toWhereAfter({ field, descending }: StudyOrder, { key, id }: StudyPosition): Prisma.StudyWhereInput {
  const column = orderFields[field];
  const beyond = descending ? 'lt' : 'gt';
  return { OR: [{ [column]: { [beyond]: key } }, { [column]: key, id: { [beyond]: id } }] };
}

function toWhere(filter: StudyFilter): Prisma.StudyWhereInput {
  return {
    ...visible,
    ...(filter.project != null && { project: filter.project }),
    ...(filter.nameContains != null && {
      name: { contains: escapeWildcards(filter.nameContains), mode: 'insensitive' },
    }),
    ...(filter.states != null && { state: { in: [...filter.states] } }),
    ...(filter.tags != null && { tags: { hasEvery: [...filter.tags] } }),
  };
}

/** `contains` becomes LIKE, in which Prisma leaves these as they are. */
function escapeWildcards(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
