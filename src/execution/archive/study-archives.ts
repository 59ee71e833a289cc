import type { Readable } from 'node:stream';
import type { StudyRecord } from '../../storage/records.ts';
import type { StudyLife } from '../study-life.ts';
import type { TableFormat } from './archive-format.ts';
import { exportStudy } from './export-study.ts';
import { type ImportOptions, importStudy } from './import-study.ts';
import type { ImportParts } from './study-importer.ts';

/** Studies as files: to keep, to analyse, to take to another server. */
export class StudyArchives {
  readonly #parts: ImportParts;
  readonly #life: StudyLife;

  constructor(parts: ImportParts, life: StudyLife) {
    this.#parts = parts;
    this.#life = life;
  }

  /**
   * A study as a zip file, made while it is read.
   * @throws CallerError NOT_FOUND
   */
  export(studyId: number, format: TableFormat): Promise<Readable> {
    return exportStudy(this.#parts, studyId, format);
  }

  /**
   * Makes a study of an archive. One that was RUNNING is PAUSED, and the trials that ran go back into its queue.
   * @throws InputError, CallerError CONFLICT, TOO_LARGE, INSUFFICIENT_STORAGE
   */
  async import(content: Readable, maxBytes: number, options: ImportOptions): Promise<StudyRecord> {
    const studyId = await this.#parts.files.staging.with(content, maxBytes, ({ path }) =>
      importStudy(this.#parts, path, options),
    );
    const study = await this.#parts.studies.get(studyId);
    return study.state === 'RUNNING' ? this.#life.pause(studyId) : study;
  }
}
