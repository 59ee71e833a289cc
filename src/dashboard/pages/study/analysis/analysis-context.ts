import type { Objective, StudyData } from '../../../../client/index.ts';
import type { ParameterAxis } from '../../../charts/data/parameters.ts';
import type { TrialTable } from '../../../charts/data/trial-table.ts';
import type { AnalysisChange, AnalysisSearch } from '../analysis-search.ts';

/** What each chart of the analysis is given. */
export interface AnalysisProps {
  readonly study: StudyData;
  readonly table: TrialTable;
  readonly version: number;
  /** The one that the charts are about. */
  readonly objective: Objective;
  readonly parameters: readonly ParameterAxis[];
  /** Those of them that the chart shows. */
  readonly shown: readonly ParameterAxis[];
  readonly search: AnalysisSearch;
  onChange(change: AnalysisChange): void;
  onOpen(trial: number): void;
}
