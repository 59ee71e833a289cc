// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { TypedDocument } from '../../client/index.ts';
export const studyHead: TypedDocument<
  {
    readonly study: {
      /** How long its trials have run, all together. */
      readonly deviceSeconds: number;
      /** One for each objective. Cheap, also for lists of studies. */
      readonly bestSoFar: readonly {
        readonly metric: string;
        /** Of the trials. */
        readonly numbers: readonly number[];
        /** How many results there were by then. */
        readonly results: readonly number[];
        readonly values: readonly number[];
      }[];
      readonly trials: {
        readonly edges: readonly {
          readonly node: {
            readonly device: string | null;
          };
        }[];
      };
    } | null;
  },
  { readonly id: string }
> = `query StudyHead($id: ID!) {
  study(id: $id) {
    deviceSeconds
    bestSoFar {
      metric
      numbers
      results
      values
    }
    trials(first: 100, filter: {states: [RUNNING]}) {
      edges {
        node {
          device
        }
      }
    }
  }
}`;
