import type { Output } from './output.ts';

/** Runs work as one line of progress: its name and the time it takes. */
export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

const tickMs = 100;

/** Steps that a terminal sees with a running clock, and a pipe as one line when each begins and one when it ends. */
export function createSteps({ stream, colors, say }: Output): Step {
  const isLive = stream.isTTY === true;
  const clear = isLive ? '\r\x1b[K' : '';
  return async (name, work) => {
    const start = performance.now();
    const elapsed = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    if (!isLive) say(`• ${name} ...`);
    const ticking = isLive
      ? setInterval(() => stream.write(`${clear}• ${name} ... ${elapsed()}`), tickMs)
      : undefined;
    const end = (mark: string, verb: string): void => {
      clearInterval(ticking);
      say(`${clear}${mark} ${name} ${verb}`);
    };
    try {
      const result = await work();
      end(colors.green('✓'), colors.dim(`(${elapsed()})`));
      return result;
    } catch (error) {
      end(colors.red('✗'), `failed after ${elapsed()}`);
      throw error;
    }
  };
}
