import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';

export interface ParquetColumn {
  readonly name: string;
  readonly type: 'STRING' | 'DOUBLE' | 'INT32' | 'BOOLEAN' | 'TIMESTAMP';
}

/**
 * The bytes of a Parquet file, a row group after the other: memory holds one of them. Each group is a list of columns
 * in the order of `columns`; null is no value.
 */
export async function* parquetFile(
  columns: readonly ParquetColumn[],
  groups: AsyncIterable<readonly ArrayLike<unknown>[]>,
): AsyncGenerator<Buffer, void> {
  const toSources = (group: readonly ArrayLike<unknown>[]): ColumnSource[] =>
    columns.map(({ name, type }, i) => ({ name, type, nullable: true, data: Array.from(group[i]!) }));
  const writer = new ByteWriter();
  const schema = schemaFromColumnData({ columnData: toSources(columns.map(() => [])) });
  const file = new ParquetWriter({ writer, schema });
  const take = (): Buffer => {
    const bytes = Buffer.from(writer.getBytes().slice());
    // `offset`, which counts all bytes, goes on.
    writer.index = 0;
    return bytes;
  };
  for await (const group of groups) {
    const rows = group[0]?.length ?? 0;
    if (rows > 0) await file.write({ columnData: toSources(group), rowGroupSize: rows });
    yield take();
  }
  await file.finish();
  yield take();
}
