import { builder } from '../builder.ts';
import type { Viewer } from '../context.ts';

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who asks, and what they may do.',
  fields: (t) => ({ name: t.exposeString('name'), role: t.exposeString('role') }),
});

builder.queryField('viewer', (t) => t.field({ type: ViewerType, resolve: (_, _args, { viewer }) => viewer }));
