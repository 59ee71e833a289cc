// Made of schema.graphql and the .graphql file beside it by `npm run generate`. Do not edit.
import type { Columns, Json, JsonScalar, Params, TypedDocument, Values } from '../../client/index.ts';
/** INFEASIBLE: it broke a constraint, or did not fit into memory; an observation, not an error. */
export type TrialState =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'FAILED'
  | 'INFEASIBLE'
  | 'PRUNED'
  | 'QUEUED'
  | 'RUNNING';

/** How much a parameter matters for being among the best tenth of the trials (PED-ANOVA). */
export interface ParameterImportance {
  readonly parameter: string;
  /** Its share of all parameters’ importance: they sum to 1, or are all 0 where nothing can be told yet. */
  readonly importance: number;
  /** The variance, over the parameter’s values, of the chance to be among the best. A conditional parameter: where it exists. */
  readonly raw: number;
  /** The same over whether the parameter exists at all; owed to the parameters that decide it, so in no share. */
  readonly activation: number;
}

export interface SpaceChange {
  readonly parameter: string;
  /** Of its range or choices; 0 where the parameter exists no more. */
  readonly keptShare: number;
  readonly sentence: string;
}

/** The space without its useless ends and choices; every good trial lies inside. */
export interface SuggestedSpace {
  /** As `cloneStudy` takes it. */
  readonly searchSpace: Json;
  readonly changes: readonly SpaceChange[];
  /** The product, over the parameters, of the shares of their ranges that are left. */
  readonly keptVolume: number;
  readonly sentence: string;
}

const parameterImportanceFragment = `fragment ParameterImportance on ParameterImportance {
  parameter
  importance
  raw
  activation
}`;

const spaceChangeFragment = `fragment SpaceChange on SpaceChange {
  parameter
  keptShare
  sentence
}`;

const suggestedSpaceFragment = `fragment SuggestedSpace on SuggestedSpace {
  searchSpace
  changes {
    ...SpaceChange
  }
  keptVolume
  sentence
}`;

export const trialResults: TypedDocument<
  {
    readonly study: {
      /** Columns over all finished trials, for plots: one entry a trial, in trial order. */
      readonly trialColumns: {
        readonly numbers: readonly number[];
        readonly states: readonly TrialState[];
        readonly values: Columns<number | null>;
        readonly feasible: readonly boolean[];
      };
    } | null;
  },
  { readonly study: string }
> = `query TrialResults($study: ID!) {
  study(id: $study) {
    trialColumns(params: []) {
      numbers
      states
      values
      feasible
    }
  }
}`;

export const trialParams: TypedDocument<
  {
    readonly study: {
      /** Columns over all finished trials, for plots: one entry a trial, in trial order. */
      readonly trialColumns: {
        readonly numbers: readonly number[];
        readonly params: Columns<JsonScalar>;
      };
    } | null;
  },
  { readonly study: string; readonly params: readonly string[] }
> = `query TrialParams($study: ID!, $params: [String!]!) {
  study(id: $study) {
    trialColumns(params: $params) {
      numbers
      params
    }
  }
}`;

export const trialByNumber: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: {
            readonly id: string;
          };
        }[];
      };
    } | null;
  },
  { readonly study: string; readonly number: number }
> = `query TrialByNumber($study: ID!, $number: Int!) {
  study(id: $study) {
    trials(first: 1, filter: {numbers: [$number]}) {
      edges {
        node {
          id
        }
      }
    }
  }
}`;

export const studyImportances: TypedDocument<
  {
    readonly study: {
      /** How much each parameter matters for being among the best tenth of the trials, most first. */
      readonly importances: readonly ParameterImportance[];
    } | null;
  },
  { readonly study: string; readonly objective?: string | null | undefined }
> = `query StudyImportances($study: ID!, $objective: String) {
  study(id: $study) {
    importances(objective: $objective) {
      ...ParameterImportance
    }
  }
}
${parameterImportanceFragment}`;

export const studyInsightsInWords: TypedDocument<
  {
    /** Which settings are useless: parameters that never mattered, ranges nothing good came from, what they took, and a narrower space. */
    readonly studyInsights: {
      /** Those that ended completed, pruned or infeasible. */
      readonly trials: number;
      /** The best tenth of them; with several objectives, the best non-domination ranks. */
      readonly goodTrials: number;
      /** All of it in words, what matters most first. */
      readonly sentences: readonly string[];
      readonly suggestedSpace: SuggestedSpace;
    };
  },
  { readonly study: string }
> = `query StudyInsightsInWords($study: ID!) {
  studyInsights(study: $study) {
    trials
    goodTrials
    sentences
    suggestedSpace {
      ...SuggestedSpace
    }
  }
}
${suggestedSpaceFragment}
${spaceChangeFragment}`;

export const newestFailure: TypedDocument<
  {
    readonly study: {
      readonly trials: {
        readonly edges: readonly {
          readonly node: {
            readonly id: string;
            /** Dense from 0 within the study. */
            readonly number: number;
            readonly error: string | null;
          };
        }[];
      };
    } | null;
  },
  { readonly study: string }
> = `query NewestFailure($study: ID!) {
  study(id: $study) {
    trials(
      first: 1
      filter: {states: [FAILED]}
      orderBy: {field: NUMBER, descending: true}
    ) {
      edges {
        node {
          id
          number
          error
        }
      }
    }
  }
}`;

export const studyBestTrials: TypedDocument<
  {
    readonly study: {
      /** One objective: the best trials, best first. Several: the Pareto front of the feasible trials. */
      readonly bestTrials: readonly {
        readonly id: string;
        /** Dense from 0 within the study. */
        readonly number: number;
        readonly params: Params;
        readonly values: Values | null;
        readonly startedAt: string | null;
        readonly finishedAt: string | null;
      }[];
    } | null;
  },
  { readonly study: string; readonly first: number }
> = `query StudyBestTrials($study: ID!, $first: Int!) {
  study(id: $study) {
    bestTrials(first: $first) {
      id
      number
      params
      values
      startedAt
      finishedAt
    }
  }
}`;

export const cloneIntoSpace: TypedDocument<
  {
    /** A new study with the same settings, in another `searchSpace` where one is given (such as the suggested one of `studyInsights`); `warmStart` queues the best parameters of this one first, as far as they fit. */
    readonly cloneStudy: {
      readonly id: string;
    };
  },
  { readonly id: string; readonly name: string; readonly searchSpace?: unknown }
> = `mutation CloneIntoSpace($id: ID!, $name: String!, $searchSpace: JSON) {
  cloneStudy(id: $id, name: $name, searchSpace: $searchSpace) {
    id
  }
}`;
