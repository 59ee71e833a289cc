import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FollowedLog, type LogSource } from '../../src/events/followed-log.ts';
import { SharedStreams } from '../../src/events/shared-streams.ts';
import { PulledDelivery } from '../support/pulled-delivery.ts';

/** A log of numbers from 1 on, with counts of what is done with it. */
class NumberLog {
  readonly counts = { reads: 0, encodings: 0, watchers: 0 };
  end = 0;
  isDone = false;
  failure: Error | null = null;
  readonly #wakes = new Set<() => void>();
  readonly #streams = new SharedStreams();

  write(count: number): void {
    this.end += count;
    this.wake();
  }

  wake(): void {
    for (const wake of this.#wakes) wake();
  }

  join(after = this.end): PulledDelivery {
    const source: LogSource<number[]> = {
      watch: (wake) => {
        this.counts.watchers++;
        this.#wakes.add(wake);
        return () => {
          this.counts.watchers--;
          this.#wakes.delete(wake);
        };
      },
      read: async ([from], upTo) => {
        this.counts.reads++;
        await sleep(1);
        if (this.failure !== null) throw this.failure;
        const to = Math.min(upTo?.[0] ?? this.end, from! + 10);
        if (to <= from!) return null;
        return { position: [to], value: Array.from({ length: to - from! }, (_, i) => from! + 1 + i) };
      },
      isDone: () => this.isDone,
    };
    const log = new FollowedLog(source, { position: [after], value: null }, [this.end]);
    const delivery = this.#streams.join('numbers', log, async (numbers) => {
      this.counts.encodings++;
      return Buffer.from(JSON.stringify(numbers));
    });
    return new PulledDelivery(delivery);
  }
}

/** Takes values until the number `last`. */
async function readUntil(member: PulledDelivery, last: number, pauseMs = 0) {
  const numbers: number[] = [];
  while (numbers.at(-1) !== last) {
    const json = await member.next();
    if (json === null) break;
    numbers.push(...(JSON.parse(json) as number[]));
    if (pauseMs > 0) await sleep(pauseMs);
  }
  return numbers;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('members at the live end read and encode each batch once together', async () => {
  const log = new NumberLog();
  const members = Array.from({ length: 50 }, () => log.join());
  const reading = members.map((member) => readUntil(member, 40));
  for (let i = 0; i < 8; i++) {
    await sleep(5);
    log.write(5);
  }
  for (const numbers of await Promise.all(reading)) expect(numbers).toEqual(range(1, 40));
  expect(log.counts.encodings).toBeLessThanOrEqual(8);
  expect(log.counts.watchers).toBe(1);
});

test('late and resuming members miss nothing and then share', async () => {
  const log = new NumberLog();
  log.write(35);
  const starts = [0, 7, 35, 30, 12];
  const reading = starts.map((after) => readUntil(log.join(after), 1000));
  const writing = (async () => {
    while (log.end < 500) {
      await sleep(2);
      log.write(3);
    }
    log.end = 1000;
    log.wake();
  })();
  const late = sleep(20).then(() => {
    const after = log.end - 1;
    return readUntil(log.join(after), 1000).then((numbers) => ({ after, numbers }));
  });
  for (const [i, numbers] of (await Promise.all(reading)).entries())
    expect(numbers).toEqual(range(starts[i]! + 1, 1000));
  const { after, numbers } = await late;
  expect(numbers).toEqual(range(after + 1, 1000));
  await writing;
  // Each of the six alone would need one for each of the 160 writes and more.
  expect(log.counts.encodings).toBeLessThan(400);
});

test('a member that falls behind what is kept reads again what it missed', async () => {
  const log = new NumberLog();
  const slow = log.join();
  const fast = readUntil(log.join(), 1500);
  log.write(1);
  expect(await slow.next()).toBe('[1]');
  log.write(1499);
  expect(await fast).toEqual(range(1, 1500));
  expect(await readUntil(slow, 1500)).toEqual(range(2, 1500));
});

test('the end and a failure of the source come to every member, and the next ones begin anew', async () => {
  const log = new NumberLog();
  const failing = [log.join(), log.join()].map((member) => member.next());
  log.failure = new Error('the database is gone');
  log.write(1);
  for (const result of await Promise.allSettled(failing))
    expect(result).toMatchObject({ status: 'rejected', reason: log.failure });
  log.failure = null;
  const again = [log.join(), log.join()];
  const ending = again.map((member) => member.next());
  log.isDone = true;
  log.wake();
  expect(await Promise.all(ending)).toEqual([null, null]);
  expect(log.counts.watchers).toBe(0);
});

test('a member that is stopped ends at once, and the last one ends the watch', async () => {
  const log = new NumberLog();
  const [one, other] = [log.join(), log.join()];
  const waiting = one.next();
  await sleep(10);
  one.stop();
  expect(await waiting).toBe(null);
  log.write(1);
  expect(await other.next()).toBe('[1]');
  other.stop();
  expect(log.counts.watchers).toBe(0);
});
