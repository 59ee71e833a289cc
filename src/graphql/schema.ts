import type { GraphQLSchema } from 'graphql';
import { withTrialAccess } from './access/trial-access.ts';
import { builder } from './builder.ts';
import { withCheckedInputs } from './check-inputs.ts';
import './scalars.ts';
import './node.ts';
import './study/study-type.ts';
import './study/pareto-front.ts';
import './study/rank-trials.ts';
import './study/study-queries.ts';
import './study/study-insights.ts';
import './study/study-mutations.ts';
import './study/study-events.ts';
import './study/studies-changed.ts';
import './study/best-so-far.ts';
import './study/study-export.ts';
import './trial/trial-type.ts';
import './trial/trial-mutations.ts';
import './trial/trial-progress.ts';
import './metric/report-metrics.ts';
import './metric/metric-stream.ts';
import './artifact/artifact.ts';
import './log/trial-log.ts';
import './device/device.ts';
import './device/queue.ts';
import './access/viewer.ts';

/** The whole schema: every feature's module has added its part to the builder. */
export const schema: GraphQLSchema = withTrialAccess(withCheckedInputs(builder.toSchema()));
