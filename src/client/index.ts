export type { ArtifactContent, UploadOptions } from './artifacts.ts';
export type { ReportAnswer } from './attempt-reports.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export { type ErrorCode, NetworkError, TrialgraphError } from './errors.ts';
export type { FollowOptions } from './follow.ts';
export type {
  ArtifactData,
  Comparison,
  Constraint,
  ConstraintInput,
  CreateStudyInput,
  Device,
  Direction,
  HypervolumeHistory,
  IdleParameter,
  ImportanceBaseline,
  LogLine,
  LogPage,
  MemoryUse,
  NumberFilter,
  Objective,
  ObjectiveInput,
  ParameterImportance,
  QueueEntry,
  RangeFilter,
  SpaceChange,
  SpentTrials,
  StudyData,
  StudyEvent,
  StudyEventBatch,
  StudyFilter,
  StudyInsights,
  StudyOrder,
  StudyOrderField,
  StudyState,
  SuggestedSpace,
  Trainable,
  TrialColumns,
  TrialCounts,
  TrialData,
  TrialFilter,
  TrialOrder,
  TrialOrderField,
  TrialProgress,
  TrialState,
  UnexploredSpace,
  UpdateStudyInput,
  UpdateTrialInput,
  UselessRange,
  Viewer,
} from './generated.ts';
export type { Columns, Json, JsonScalar, Params, Values } from './json.ts';
export type { MetricBatch, MetricColumn, MetricPoints, MetricSeries, NewPoints } from './metric-points.ts';
export type { OptimizeOptions, RunTrial } from './optimize.ts';
export type { Page, PageRange } from './page.ts';
export type { ConnectionState } from './socket-transport.ts';
export {
  type ChoiceOptions,
  type Condition,
  type ConditionTest,
  categorical,
  fixed,
  float,
  int,
  type LinearConstraint,
  type NumberOptions,
  type ParamsOf,
  type Space,
  space,
} from './space.ts';
export type { Studies, StudySelection } from './studies.ts';
export type { AskOptions, EventOptions, MetricOptions, Study, TrialSelection } from './study.ts';
export type { Ending, FinalTrialState, SeriesRange, Trial } from './trial.ts';
export type { TypedDocument } from './typed-document.ts';
