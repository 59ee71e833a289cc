import type { Api } from './api.ts';
import { TrialgraphError } from './errors.ts';
import type { CreateStudyInput, StudyFilter, StudyOrder } from './generated.ts';
import * as operations from './generated.ts';
import { eachItem, type Page, type PageRange, pageOf } from './page.ts';
import type { Space } from './space.ts';
import { Study } from './study.ts';

export interface StudySelection {
  readonly filter?: StudyFilter;
  /** Newest first where absent. */
  readonly orderBy?: StudyOrder;
}

/** The studies of a server. */
export class Studies {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * A new study. With a search space made by `space`, its trials' params are typed.
   * @throws TrialgraphError CONFLICT when the project has a study of this name; BAD_USER_INPUT with every fault
   */
  create<Parameters extends object>(
    input: CreateStudyInput & { readonly searchSpace: Space<Parameters> },
  ): Promise<Study<Parameters>>;
  create(input: CreateStudyInput): Promise<Study>;
  async create(input: CreateStudyInput): Promise<Study> {
    const { createStudy } = await this.#api.mutate(operations.createStudy, { input });
    return new Study(this.#api, createStudy);
  }

  /** @throws TrialgraphError NOT_FOUND */
  async get(id: string): Promise<Study> {
    const { study } = await this.#api.query(operations.study, { id });
    if (study === null)
      throw new TrialgraphError('NOT_FOUND', `There is no study with the id ${id}.`, { id });
    return new Study(this.#api, study);
  }

  /** The study of this name, or null; in the project "default" where none is named. */
  async byName(name: string, options: { readonly project?: string } = {}): Promise<Study | null> {
    const { studyByName } = await this.#api.query(operations.studyByName, { name, ...options });
    return studyByName && new Study(this.#api, studyByName);
  }

  /** All studies of the selection, read page by page as the iteration goes on. */
  list(selection: StudySelection = {}): AsyncGenerator<Study, void> {
    return eachItem((range) => this.page({ ...selection, ...range }));
  }

  async page({ first = 50, ...rest }: StudySelection & PageRange = {}): Promise<Page<Study>> {
    const { studies } = await this.#api.query(operations.studies, { first, ...rest });
    return pageOf(studies, (data) => new Study(this.#api, data));
  }
}
