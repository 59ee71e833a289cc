import { inputShapeOf, type SavedLayer } from './model-topology.ts';

type Shape = readonly number[];

/**
 * What each layer puts out for one example of a shape, by its name. Layers whose arithmetic is not known here are taken
 * to put out what they are given: good enough to predict memory.
 */
export function layerShapes(layers: readonly SavedLayer[], input: Shape): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const layer of layers) {
    const inputs = layer.inputs.map((name) => shapes.get(name) ?? input);
    shapes.set(layer.name, shapeOf(layer, inputs, input));
  }
  return shapes;
}

function shapeOf(layer: SavedLayer, inputs: readonly Shape[], given: Shape): Shape {
  const { kind, config } = layer;
  const [shape = given] = inputs;
  switch (kind) {
    case 'InputLayer':
      return inputShapeOf(layer)?.map((length, i) => length ?? given[i] ?? 1) ?? given;
    case 'Conv2D':
    case 'SeparableConv2D':
      return [...slid(shape, config, 'kernel_size'), Number(config.filters)];
    case 'DepthwiseConv2D':
      return [...slid(shape, config, 'kernel_size'), last(shape) * Number(config.depth_multiplier ?? 1)];
    case 'Conv2DTranspose': {
      const [down, across] = pair(config.strides);
      return [shape[0]! * down, shape[1]! * across, Number(config.filters)];
    }
    case 'AveragePooling2D':
    case 'MaxPooling2D':
      return [
        ...slid(shape, { ...config, strides: config.strides ?? config.pool_size }, 'pool_size'),
        last(shape),
      ];
    case 'UpSampling2D': {
      const [down, across] = pair(config.size);
      return [shape[0]! * down, shape[1]! * across, last(shape)];
    }
    case 'ZeroPadding2D': {
      const [[top, bottom], [left, right]] = borders(config.padding);
      return [shape[0]! + top + bottom, shape[1]! + left + right, last(shape)];
    }
    case 'GlobalAveragePooling2D':
    case 'GlobalMaxPooling2D':
      return [last(shape)];
    case 'Flatten':
      return [size(shape)];
    case 'Reshape':
      return (config.target_shape as number[]).includes(-1)
        ? [size(shape)]
        : (config.target_shape as number[]);
    case 'Dense':
      return [...shape.slice(0, -1), Number(config.units)];
    case 'Concatenate':
      return [...shape.slice(0, -1), inputs.reduce((sum, part) => sum + last(part), 0)];
    default:
      return shape;
  }
}

/** Height and width after a window was moved over them. */
function slid(shape: Shape, config: SavedLayer['config'], windowKey: string): [number, number] {
  const window = pair(config[windowKey]);
  const strides = pair(config.strides);
  return [0, 1].map((side) => {
    const room = config.padding === 'same' ? shape[side]! : shape[side]! - window[side]! + 1;
    return Math.max(1, Math.ceil(room / strides[side]!));
  }) as [number, number];
}

function pair(value: unknown): [number, number] {
  return (Array.isArray(value) ? value : [value ?? 1, value ?? 1]) as [number, number];
}

function borders(value: unknown): [[number, number], [number, number]] {
  if (!Array.isArray(value)) return [pair(value), pair(value)];
  return value.map(pair) as [[number, number], [number, number]];
}

export function size(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

function last(shape: Shape): number {
  return shape.at(-1) ?? 1;
}
