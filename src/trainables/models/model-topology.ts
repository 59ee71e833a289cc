/** A layer of a saved model, as its file tells it. */
export interface SavedLayer {
  readonly name: string;
  /** Such as Conv2D. */
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The layers that it reads; none for inputs. */
  readonly inputs: readonly string[];
}

/** The layers of a Keras model in JSON, each after those that it reads. @throws Error that says what is wrong with it */
export function parseTopology(topology: unknown): SavedLayer[] {
  const model = record(record(topology).model_config ?? topology);
  const { config } = model;
  const list = Array.isArray(config) ? config : record(config).layers;
  if (!Array.isArray(list) || list.length === 0) throw new Error('it describes no layers');
  const isSequential = model.class_name === 'Sequential';
  const layers = list.map((entry): SavedLayer => {
    const layer = record(entry);
    const config = record(layer.config);
    const name = String(layer.name ?? config.name ?? '');
    return { name, kind: String(layer.class_name), config, inputs: inboundNames(layer.inbound_nodes) };
  });
  if (!isSequential) return layers;
  const first = layers[0]!;
  const chain = layers.map((layer, i) => ({ ...layer, inputs: i === 0 ? [] : [layers[i - 1]!.name] }));
  if (first.kind === 'InputLayer') return chain;
  // A sequence without an input layer has its shape in its first layer.
  const input = { name: `${first.name}:input`, kind: 'InputLayer', config: first.config, inputs: [] };
  chain[0] = { ...first, inputs: [input.name] };
  return [input, ...chain];
}

/** Its layer's output without the batch: lengths, null where any will do. Undefined where it has none. */
export function inputShapeOf({ config }: SavedLayer): (number | null)[] | undefined {
  const shape = config.batch_input_shape;
  return Array.isArray(shape) ? (shape.slice(1) as (number | null)[]) : undefined;
}

const headKinds = new Set([
  ...['Activation', 'Dense', 'Dropout', 'ReLU', 'Softmax'],
  // The new head brings its own.
  ...['Flatten', 'GlobalAveragePooling2D', 'GlobalMaxPooling2D'],
]);

/**
 * The layer that gives the features, from which a new head starts: the last before pooling over all and the fully
 * connected layers at the end; of a model that has only those, the last but one of them.
 */
export function lastFeatures(layers: readonly SavedLayer[]): SavedLayer {
  const isHead = (layer: SavedLayer): boolean => headKinds.has(layer.kind);
  const last = layers.findLast((layer) => !isHead(layer))!;
  if (last.kind !== 'InputLayer') return last;
  const output = layers.findLastIndex((layer) => layer.kind === 'Dense');
  return layers[Math.max(0, output - 1)]!;
}

/** The layer and all that it reads, in their order. */
export function layersUpTo(layers: readonly SavedLayer[], name: string): SavedLayer[] {
  const needed = new Set([name]);
  for (const layer of layers.toReversed()) {
    if (needed.has(layer.name)) for (const input of layer.inputs) needed.add(input);
  }
  return layers.filter((layer) => needed.has(layer.name));
}

function inboundNames(nodes: unknown): string[] {
  if (!Array.isArray(nodes) || !Array.isArray(nodes[0])) return [];
  return nodes[0].map((node) => String(Array.isArray(node) ? node[0] : node));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new Error('it is no description of a Keras model');
}
