import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { StudyRef } from '../node.ts';

builder.objectField(StudyRef, 'exportUrl', (t) =>
  t.string({
    description:
      'Where the study is downloaded as a zip file, from this server’s address on; `?format=` csv, ndjson or parquet.',
    resolve: (study) => `/export/${globalId('study', study.id)}.zip`,
  }),
);
