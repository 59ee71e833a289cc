import { notFound } from '../core/errors.ts';
import type { StudyState } from '../core/study.ts';
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

/** A page is asked for one record more than shown, so the caller sees whether there is a next one. */
export interface StudyPageRequest {
  readonly filter: StudyFilter;
  readonly order: StudyOrder;
  readonly limit: number;
  /** The id of the last study of the page before. */
  readonly afterId: number | null;
}

/** Reads studies. */
export class StudyStore {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async find(id: number): Promise<StudyRecord | null> {
    return (await this.#prisma.study.findUnique({ where: { id } })) as StudyRecord | null;
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
      where: { id: { in: [...ids] } },
    })) as unknown as StudyRecord[];
    const byId = new Map(studies.map((study) => [study.id, study]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  async findByName(project: string, name: string): Promise<StudyRecord | null> {
    const where = { project_name: { project, name } };
    return (await this.#prisma.study.findUnique({ where })) as StudyRecord | null;
  }

  async runningIds(): Promise<number[]> {
    const rows = await this.#prisma.study.findMany({ where: { state: 'RUNNING' }, select: { id: true } });
    return rows.map((row) => row.id);
  }

  async page({ filter, order, limit, afterId }: StudyPageRequest): Promise<StudyRecord[]> {
    const direction = order.descending ? 'desc' : 'asc';
    const studies = await this.#prisma.study.findMany({
      where: toWhere(filter),
      orderBy: [{ [orderFields[order.field]]: direction }, { id: direction }],
      take: limit,
      ...(afterId === null ? {} : { cursor: { id: afterId }, skip: 1 }),
    });
    return studies as unknown as StudyRecord[];
  }

  count(filter: StudyFilter): Promise<number> {
    return this.#prisma.study.count({ where: toWhere(filter) });
  }
}

const orderFields = { CREATED_AT: 'createdAt', NAME: 'name', UPDATED_AT: 'updatedAt' } as const;

function toWhere(filter: StudyFilter): Prisma.StudyWhereInput {
  return {
    ...(filter.project != null && { project: filter.project }),
    ...(filter.nameContains != null && { name: { contains: filter.nameContains, mode: 'insensitive' } }),
    ...(filter.states != null && { state: { in: [...filter.states] } }),
    ...(filter.tags != null && { tags: { hasEvery: [...filter.tags] } }),
  };
}
