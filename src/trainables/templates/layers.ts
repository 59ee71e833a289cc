import type * as tensorflow from '@tensorflow/tfjs';
import type { Random } from '../../core/random.ts';
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

/** tfjs takes a seed of zero for none. */
function nextSeed(random: Random): number {
  return 1 + random.integer(2 ** 31 - 1);
}
