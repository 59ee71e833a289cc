import type { Delivery } from './delivery.ts';
import type { FollowedLog } from './followed-log.ts';
import { SharedStream } from './shared-stream.ts';
import { StreamMember } from './stream-member.ts';

/** Lets subscriptions with one key read together. */
export class SharedStreams {
  readonly #streams = new Map<string, SharedStream<never>>();

  /**
   * Follows a log from its start and delivers each value encoded: read alone up to the live end, and from there on with
   * all others of the same key.
   * @param key the same only where the logs and the encoding are the same
   */
  join<T>(key: string, log: FollowedLog<T>, encode: (value: T) => Promise<Buffer>): Delivery {
    let stream = this.#streams.get(key);
    if (stream === undefined || stream.hasEnded) {
      stream = new SharedStream(log, encode);
      this.#streams.set(key, stream);
    }
    const joined = stream;
    joined.memberCount++;
    return new StreamMember(joined, log, encode, () => {
      if (--joined.memberCount > 0) return;
      joined.close();
      if (this.#streams.get(key) === joined) this.#streams.delete(key);
    });
  }
}
