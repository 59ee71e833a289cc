import type * as tf from '@tensorflow/tfjs';

/** A page that is straddled doubles the time; what else the machine does rarely slows this many calls in a row so much. */
const slowRatio = 1.4;
const slowCalls = 3;
/** So often one goes the other way, for those that were slow from the beginning. */
const tryEvery = 50;
/** Shorter ones are hardly worth the look. */
const leastMs = 0.05;

/** What is known of calls with inputs of the same shapes, which mostly come by the same way. */
interface Calls {
  count: number;
  /** The shortest one, in milliseconds. */
  best: number;
  slowInARow: number;
  isShifted: boolean;
}

/**
 * Keeps a kernel of XNNPACK from running at half its speed. Its products add up in more vectors than there are registers, so
 * V8 keeps some on the stack, in frames that it aligns to 8 bytes where a vector has 16: one that straddles two pages
 * is written and read many times slower, in the innermost loop (128x784 by 784x256: 4 to 9 ms for 1.9 ms, Node 20, x64). Where a
 * frame lies depends on the frames of JavaScript below it, so a thread could be slow for thousands of batches, until the JIT
 * compiled something anew. JavaScript cannot see its stack, but it can shift it by 8 bytes, by one more argument:
 * after which no vector straddles anything. So a call that takes longer than it could is shifted, and shifted back where that
 * was not the reason.
 * @param now milliseconds
 */
export function steadyKernel(
  kernelFunc: tf.KernelFunc,
  now: () => number = () => performance.now(),
): tf.KernelFunc {
  const byShapes = new Map<string, Calls>();
  // Kept, as the JIT puts a call with an array that is made for it in line, where it has no arguments on the stack.
  const usual: unknown[] = [null];
  const shifted: unknown[] = [null, 0];
  return (call) => {
    const key = shapesOf(call.inputs);
    let calls = byShapes.get(key);
    if (calls === undefined) {
      calls = { count: 0, best: Number.POSITIVE_INFINITY, slowInARow: 0, isShifted: false };
      byShapes.set(key, calls);
    }
    const isTry = ++calls.count % tryEvery === 0;
    const args = calls.isShifted !== isTry ? shifted : usual;
    args[0] = call;
    const start = now();
    const result = Reflect.apply(kernelFunc, null, args);
    take(calls, now() - start, isTry);
    return result;
  };
}

function take(calls: Calls, ms: number, isTry: boolean): void {
  if (ms < calls.best) calls.best = ms;
  if (isTry) return;
  const isSlow = ms > leastMs && ms > slowRatio * calls.best;
  calls.slowInARow = isSlow ? calls.slowInARow + 1 : 0;
  if (calls.slowInARow < slowCalls) return;
  calls.slowInARow = 0;
  calls.isShifted = !calls.isShifted;
  // On a machine that has become slower neither way would be as fast as it was: then the better one is to stay.
  calls.best *= 1.1;
}

function shapesOf(inputs: tf.NamedTensorInfoMap): string {
  let shapes = '';
  for (const name in inputs) shapes += `${inputs[name]?.shape},`;
  return shapes;
}
