import type { DeviceState } from '../../execution/devices/device-board.ts';
import type { GpuAdapter, MemorySource } from '../../trainables/backends/gpu-adapter.ts';
import { builder } from '../builder.ts';
import { followDevices } from './follow-devices.ts';

const MemorySourceEnum = builder.enumType('MemorySource', {
  description: 'Who says how much memory a device has.',
  values: {
    SETTING: { description: 'The operator: `deviceMemory`.' },
    DRIVER: { description: 'The driver of the GPU.' },
    MACHINE: { description: 'The machine or its container, whose memory it shares.' },
    LARGEST_BUFFER: {
      description: 'Nobody: it is the largest buffer that WebGPU offers there, and the device may have more.',
    },
  } satisfies Record<MemorySource, object>,
});

const GpuAdapterType = builder.objectRef<GpuAdapter>('GpuAdapter').implement({
  description: 'A GPU as WebGPU tells of it.',
  fields: (t) => ({
    vendor: t.exposeString('vendor'),
    architecture: t.exposeString('architecture'),
    isSoftware: t.exposeBoolean('isSoftware', { description: 'Whether it computes on the CPU.' }),
    maxTensorBytes: t.exposeFloat('maxTensorBytes', { description: 'The largest that one tensor may be.' }),
    limits: t.expose('limits', {
      type: 'JSON',
      description: 'All limits of WebGPU by name, such as maxBufferSize.',
    }),
  }),
});

const Device = builder.objectRef<DeviceState>('Device').implement({
  description: 'What trials of this server run on.',
  fields: (t) => ({
    id: t.exposeString('id', { description: '`cpu`, `cuda:0`, `webgpu`.' }),
    name: t.exposeString('name'),
    kind: t.string({ resolve: (device) => device.kind.toUpperCase() }),
    backend: t.string({
      description: 'What TensorFlow.js computes with there; `none`: only programs that trials start use it.',
      resolve: (device) => device.backend ?? 'none',
    }),
    cudaIndex: t.int({
      nullable: true,
      description: 'The place of an NVIDIA GPU on the bus, as nvidia-smi counts.',
      resolve: (device) => device.cuda?.index ?? null,
    }),
    memoryBytes: t.exposeFloat('memoryBytes', {
      nullable: true,
      description: 'For all programs of the machine or container.',
    }),
    memorySource: t.expose('memorySource', {
      type: MemorySourceEnum,
      nullable: true,
      description: 'Who says how much memory it has; null where nobody does.',
    }),
    adapter: t.expose('adapter', {
      type: GpuAdapterType,
      nullable: true,
      description: 'The GPU as WebGPU tells of it, where that computes on it.',
    }),
    memoryUsedBytes: t.exposeFloat('memoryUsedBytes', {
      nullable: true,
      description: 'By all programs of the machine or container.',
    }),
    memoryLimitBytes: t.exposeFloat('memoryLimitBytes', {
      nullable: true,
      description: 'What trials may be predicted to take together; null where the size is not known.',
    }),
    memoryReservedBytes: t.exposeFloat('memoryReservedBytes', {
      description: 'What the trials that run on it are predicted to take together.',
    }),
    runningTrials: t.exposeInt('runningTrials'),
    fault: t.exposeString('fault', {
      nullable: true,
      description: 'Why no trial can start on it now: it is gone, and the server tries to start it again.',
    }),
    slots: t.exposeInt('slots', { description: 'Trials that may run at once, as far as memory goes.' }),
  }),
});

builder.queryField('devices', (t) =>
  t.field({
    type: [Device],
    resolve: async (_, _args, { engine }) => {
      await engine.devices.refresh();
      return engine.devices.read();
    },
  }),
);

builder.subscriptionField('devices', (t) =>
  t.field({
    type: [Device],
    description: 'The devices as they are, and again at every change.',
    subscribe: (_, _args, { engine }) =>
      followDevices<readonly DeviceState[]>(engine, async () => {
        await engine.devices.refresh();
        return engine.devices.read();
      }),
    resolve: (devices) => devices,
  }),
);
