import { CallerError, InputError } from '../../core/errors.ts';
import { studyRow as toStudyRow } from '../../storage/records.ts';
import { isInputRefused } from '../../storage/transaction.ts';
import { type NewStudy, parseStudySettings } from '../parse-study-settings.ts';
import { studyRow } from './archive-format.ts';
import { type ImportParts, StudyImporter } from './study-importer.ts';
import { parseRow, ZipReader } from './zip-reader.ts';

export interface ImportOptions {
  /** The study's new name; absent: the one that it has. */
  readonly name?: string | undefined;
  readonly project?: string | undefined;
}

const maxStudyJsonLength = 16_000_000;

/**
 * Makes a study of an archive, in small steps and out of everybody's sight until it is whole.
 * @param path of the archive on this machine
 * @returns the new study's id
 * @throws InputError with the file and line of what cannot be used; CallerError CONFLICT when its name is taken
 */
export async function importStudy(parts: ImportParts, path: string, options: ImportOptions): Promise<number> {
  const zip = await ZipReader.open(path);
  try {
    const { study } = parseRow(await readAll(zip, 'study.json'), studyRow, 'study.json');
    const named = { ...study, name: options.name ?? study.name, project: options.project ?? study.project };
    const settings = await parseStudySettings(named as NewStudy, parts.trainables);
    const studyId = await parts.archive.begin(settings, study.seed);
    try {
      const importer = new StudyImporter(parts, zip, studyId);
      const trials = await importer.addTrials();
      await importer.addPoints();
      await importer.addLogs();
      await importer.addArtifacts();
      const lastEvent = await importer.addEvents();
      await importer.settleTrials();
      await parts.archive.reveal(
        studyId,
        settings,
        toStudyRow({ ...named, ...settings, trialCount: trials, lastEvent } as never),
      );
      return studyId;
    } catch (error) {
      await parts.archive.giveUp(studyId);
      throw asInputError(error);
    }
  } finally {
    zip.close();
  }
}

async function readAll(zip: ZipReader, name: string): Promise<string> {
  let text = '';
  for await (const chunk of zip.text(name)) {
    text += chunk;
    if (text.length > maxStudyJsonLength)
      throw InputError.at(name, `has more than ${maxStudyJsonLength} characters.`);
  }
  return text;
}

/** Texts that PostgreSQL cannot keep, numbers out of range, damaged zip data: the archive is at fault. */
function asInputError(error: unknown): unknown {
  if (error instanceof CallerError || !(error instanceof Error)) return error;
  const isDamaged = 'code' in error && String(error.code).startsWith('Z_');
  return isInputRefused(error) || isDamaged ? InputError.at('archive', error.message) : error;
}
