import { InputError } from '../../core/errors.ts';
import { checkFilterSize, type TrialFilter } from '../../core/trial-list/trial-filter.ts';
import { isTrialPosition, type TrialOrder, type TrialOrderField } from '../../core/trial-list/trial-order.ts';
import type { Engine } from '../../execution/engine.ts';
import type { StudyRecord, TrialRecord } from '../../storage/records.ts';
import { type Connection, connectionOf, connectionType, decodeCursor, encodeCursor } from '../connection.ts';
import { TrialRef } from '../node.ts';

export const TrialConnection = connectionType('Trial', TrialRef);

interface TrialListArgs {
  readonly first?: number | null | undefined;
  readonly offset?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly filter?: TrialFilter | null | undefined;
  readonly orderBy?:
    | { field: TrialOrderField; name?: string | null | undefined; descending?: boolean | null | undefined }
    | null
    | undefined;
}

/** A page of a study's trials. */
export function trialConnection(
  { trialLists }: Engine,
  study: StudyRecord,
  args: TrialListArgs,
): Promise<Connection<TrialRecord>> {
  const filter = args.filter ?? {};
  checkFilterSize(filter);
  const order: TrialOrder = {
    field: args.orderBy?.field ?? 'NUMBER',
    name: args.orderBy?.name,
    descending: args.orderBy?.descending ?? false,
  };
  const offset = args.offset ?? 0;
  if (offset < 0) throw InputError.at('offset', 'must be at least 0');
  const after =
    args.after == null ? null : decodeCursor(args.after, (value) => isTrialPosition(order, value));
  return connectionOf({
    first: args.first ?? 50,
    isFirstPage: after === null && offset === 0,
    read: async (limit) => {
      const page = await trialLists.page(study, { filter, order, limit, offset, after });
      return page.map(({ trial, position }) => ({ node: trial, cursor: encodeCursor(position) }));
    },
    totalCount: () => trialLists.count(study, filter),
  });
}
