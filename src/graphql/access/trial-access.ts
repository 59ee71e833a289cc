import { type GraphQLSchema, isObjectType } from 'graphql';
import { forbiddenToTrial, type TrialGrant } from '../../core/trial-grant.ts';
import type { GraphqlContext } from '../context.ts';
import { parseGlobalId } from '../global-id.ts';

type Args = Readonly<Record<string, unknown>>;
/** The arguments to go on with. @throws CallerError FORBIDDEN where they are about another trial or attempt */
type Grant = (args: Args, grant: TrialGrant) => Args;

const free: Grant = (args) => args;
const ofInput: Grant = ({ input }, grant) => ({ input: ownAttempt(input as Args, 'trial', grant) });
const ofTrial: Grant = (args, grant) => ownAttempt(args, 'id', grant);

/** All that the program of a trial may ask for, with the token of its attempt. */
const granted: Readonly<Record<string, Readonly<Record<string, Grant>>>> = {
  Query: { viewer: free, trial: (args, grant) => ownTrial(args.id, grant) && args },
  Mutation: {
    reportMetrics: ofInput,
    reportLog: ofInput,
    tellTrial: ({ id, input }, grant) => ({
      id,
      input: ownAttempt({ ...(input as Args), id }, 'id', grant),
    }),
    pauseTrial: ofTrial,
    deleteArtifact: (args, grant) => ownAttempt(args, 'trial', grant),
    heartbeatTrials: (args, grant) => {
      for (const id of args.ids as string[]) ownTrial(id, grant);
      return args;
    },
  },
  Subscription: {},
  Study: {
    id: free,
    name: free,
    project: free,
    state: free,
    objectives: free,
    constraints: free,
    trainableOptions: free,
  },
};

/** Makes the fields that lead to all the server has refuse the program of a trial, save what it was granted. */
export function withTrialAccess(schema: GraphQLSchema): GraphQLSchema {
  for (const [typeName, fields] of Object.entries(granted)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`There is no type ${typeName}`);
    for (const field of Object.values(type.getFields())) {
      const step = field.subscribe === undefined ? 'resolve' : 'subscribe';
      const run = field[step];
      if (run === undefined) continue;
      const grant = Object.hasOwn(fields, field.name) ? fields[field.name]! : refuse;
      field[step] = (source, args, context: GraphqlContext, info) => {
        const { trial } = context.viewer;
        return run(source, trial === undefined ? args : grant(args, trial), context, info);
      };
    }
  }
  return schema;
}

const refuse: Grant = (_, grant) => {
  throw forbiddenToTrial(grant);
};

function ownTrial(id: unknown, grant: TrialGrant): true {
  if (parseGlobalId('trial', String(id)) !== grant.trialId) throw forbiddenToTrial(grant);
  return true;
}

/** With the attempt, also where the caller names none. */
function ownAttempt(args: Args, key: string, grant: TrialGrant): Args {
  ownTrial(args[key], grant);
  if (args.attempt != null && args.attempt !== grant.attempt) throw forbiddenToTrial(grant);
  return { ...args, attempt: grant.attempt };
}
