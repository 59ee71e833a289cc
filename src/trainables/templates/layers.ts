import type * as tensorflow from '@tensorflow/tfjs';
import type { Random } from '../../core/random.ts';
import type { DatasetInput } from '../datasets/dataset.ts';
import type { Tensorflow } from '../trainable.ts';

export type Activation = 'relu' | 'elu' | 'tanh';
type Initializer = ReturnType<Tensorflow['initializers']['heNormal']>;

/** He et al. (2015) for activations that are linear above zero, Glorot and Bengio (2010) for tanh. */
export function initializer(tf: Tensorflow, activation: Activation, random: Random): Initializer {
  const seed = nextSeed(random);
  return activation === 'tanh' ? tf.initializers.glorotUniform({ seed }) : tf.initializers.heNormal({ seed });
}

/** Dropout with another mask in every batch; the seeded layer of tfjs has the same mask in all of them. */
export function seededDropout(tf: Tensorflow, rate: number, random: Random): tensorflow.layers.Layer {
  class SeededDropout extends tf.layers.Layer {
    static readonly className = 'SeededDropout';

    override call(
      inputs: tensorflow.Tensor | tensorflow.Tensor[],
      kwargs: { training?: boolean },
    ): tensorflow.Tensor {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      return kwargs.training ? tf.dropout(x, rate, undefined, nextSeed(random)) : x;
    }
  }
  return new SeededDropout({});
}

/** Noise around each input, another in every batch; none when nothing is learnt. */
export function seededNoise(tf: Tensorflow, deviation: number, random: Random): tensorflow.layers.Layer {
  class SeededNoise extends tf.layers.Layer {
    static readonly className = 'SeededNoise';

    override call(
      inputs: tensorflow.Tensor | tensorflow.Tensor[],
      kwargs: { training?: boolean },
    ): tensorflow.Tensor {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      if (!kwargs.training) return x;
      return tf.add(x, tf.randomNormal(x.shape, 0, deviation, 'float32', nextSeed(random)));
    }
  }
  return new SeededNoise({});
}

/**
 * The first layers of a model: they take an example as the dataset has it. Images and tables get noise; the words of a
 * text become vectors of `embedding` numbers.
 */
export function inputLayers(
  tf: Tensorflow,
  input: DatasetInput,
  { noise, embedding }: { readonly noise: number; readonly embedding: number },
  random: Random,
): tensorflow.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [...input.shape] }));
  if (input.kind === 'text') {
    const seed = nextSeed(random);
    const embeddingsInitializer = tf.initializers.randomUniform({ minval: -0.05, maxval: 0.05, seed });
    const { vocabulary: inputDim } = input;
    model.add(tf.layers.embedding({ inputDim, outputDim: embedding, embeddingsInitializer }));
  } else if (noise > 0) {
    model.add(seededNoise(tf, noise, random));
  }
  return model;
}

/** tfjs takes a seed of zero for none. */
export function nextSeed(random: Random): number {
  return 1 + random.integer(2 ** 31 - 1);
}
