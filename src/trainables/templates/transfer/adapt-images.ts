import type * as tensorflow from '@tensorflow/tfjs';
import type { Tensorflow } from '../../trainable.ts';
import type { TransferOptions } from './transfer-plan.ts';

/** From values of 0 to 1 to those of Keras' `imagenet_utils.preprocess_input`: x * scale + offset, a channel each. */
const modes = {
  none: { scale: [1], offset: [0], isReversed: false },
  tf: { scale: [2], offset: [-1], isReversed: false },
  torch: {
    scale: [1 / 0.229, 1 / 0.224, 1 / 0.225],
    offset: [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225],
    isReversed: false,
  },
  // Blue, green, red.
  caffe: { scale: [255], offset: [-103.939, -116.779, -123.68], isReversed: true },
} as const;

/** A layer that gives images the sides, channels and values that a model was trained on. Nothing is learnt in it. */
export function adaptImages(
  tf: Tensorflow,
  [height, width, channels]: readonly [number, number, number],
  preprocessing: TransferOptions['preprocessing'],
): tensorflow.layers.Layer {
  const { scale, offset, isReversed } = modes[preprocessing];
  class AdaptImages extends tf.layers.Layer {
    static readonly className = 'AdaptImages';

    override computeOutputShape(): [null, number, number, number] {
      return [null, height, width, channels];
    }

    override call(inputs: tensorflow.Tensor | tensorflow.Tensor[]): tensorflow.Tensor {
      let images = (Array.isArray(inputs) ? inputs[0]! : inputs) as tensorflow.Tensor4D;
      if (images.shape[1] !== height || images.shape[2] !== width) {
        images = tf.image.resizeBilinear(images, [height, width]);
      }
      if (images.shape[3] === 1 && channels === 3) images = tf.concat([images, images, images], 3);
      else if (images.shape[3] === 3 && channels === 1) images = tf.mean(images, 3, true);
      if (preprocessing === 'none') return images;
      if (isReversed) images = tf.reverse(images, 3);
      return tf.add(tf.mul(images, tf.tensor1d([...scale])), tf.tensor1d([...offset]));
    }
  }
  return new AdaptImages({ name: 'adapt_images' });
}
