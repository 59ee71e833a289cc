import { describe, expect, test } from 'vitest';
import { follow } from '../../src/events/follow.ts';

/** A counter that is followed: each value is all that was added since the last. */
class Counter {
  added = 0;
  reads = 0;
  watchers = 0;
  isDone = false;
  fault: Error | null = null;
  #wake: () => void = () => {};

  watch = (wake: () => void): (() => void) => {
    this.watchers++;
    this.#wake = wake;
    return () => this.watchers--;
  };

  read = async (): Promise<number | null> => {
    this.reads++;
    if (this.fault !== null) throw this.fault;
    const value = this.added;
    this.added = 0;
    await new Promise((resolve) => setTimeout(resolve, 1));
    return value === 0 ? null : value;
  };

  add(count = 1): void {
    this.added += count;
    this.#wake();
  }

  finish(): void {
    this.isDone = true;
    this.#wake();
  }

  follow(minIntervalMs = 0): AsyncIterableIterator<number, undefined> {
    return follow({ watch: this.watch, read: this.read, isDone: () => this.isDone, minIntervalMs });
  }
}

const end = { done: true, value: undefined };
const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

describe('a follower', () => {
  test('is given what is there at once, and what comes later when it comes', async () => {
    const counter = new Counter();
    counter.added = 2;
    const values = counter.follow();
    expect(await values.next()).toEqual({ done: false, value: 2 });
    const next = values.next();
    await turn();
    counter.add(5);
    expect(await next).toEqual({ done: false, value: 5 });
  });

  test('that does not ask costs nothing and misses nothing', async () => {
    const counter = new Counter();
    const values = counter.follow();
    for (let i = 0; i < 100; i++) counter.add();
    await turn();
    expect(counter.reads).toBe(0);
    expect((await values.next()).value).toBe(100);
    expect(counter.reads).toBe(1);
  });

  test('misses nothing that comes while it reads', async () => {
    const counter = new Counter();
    const values = counter.follow();
    const next = values.next();
    // The first read has found nothing but has not ended.
    await Promise.resolve();
    await Promise.resolve();
    expect(counter.reads).toBe(1);
    counter.add(3);
    expect(await next).toEqual({ done: false, value: 3 });
  });

  test('is given no more values than the interval allows, which hold all of it', async () => {
    const counter = new Counter();
    const intervalMs = 60;
    const values = counter.follow(intervalMs);
    const start = performance.now();
    const timer = setInterval(() => counter.add(), 2);
    const times: number[] = [];
    for (let i = 0; i < 4; i++) {
      await values.next();
      times.push(performance.now() - start);
    }
    clearInterval(timer);
    for (let i = 1; i < times.length; i++) {
      // A timer may be early by less than a millisecond.
      expect(times[i]! - times[0]!).toBeGreaterThanOrEqual(i * intervalMs - 2);
    }
    expect(times[0]).toBeLessThan(intervalMs);
  });

  test('that was given the newest value reads again only when it is woken', async () => {
    const counter = new Counter();
    const values = follow({ ...counter, isDone: () => false, isAtEnd: () => true });
    counter.added = 1;
    expect((await values.next()).value).toBe(1);
    const next = values.next();
    await turn();
    expect(counter.reads).toBe(1);
    counter.add();
    expect((await next).value).toBe(1);
    expect(counter.reads).toBe(2);
  });

  test('is given what comes after a quiet time at once, however long the interval is', async () => {
    const counter = new Counter();
    counter.added = 1;
    const values = counter.follow(50);
    await values.next();
    await new Promise((resolve) => setTimeout(resolve, 60));
    counter.add();
    const start = performance.now();
    await values.next();
    expect(performance.now() - start).toBeLessThan(40);
  });

  test('ends when there will never be another value, after the last one', async () => {
    const counter = new Counter();
    counter.added = 1;
    counter.isDone = true;
    const values = counter.follow();
    expect((await values.next()).value).toBe(1);
    expect(await values.next()).toEqual(end);
    expect(counter.watchers).toBe(0);
    expect(await values.next()).toEqual(end);
  });

  test('ends while it waits when the source does', async () => {
    const counter = new Counter();
    const values = counter.follow();
    const next = values.next();
    await turn();
    counter.finish();
    expect(await next).toEqual(end);
    expect(counter.watchers).toBe(0);
  });

  test.each([
    ['for news', 0, 0],
    ['for the interval to pass', 60_000, 1],
  ])('that is returned while it waits %s ends at once and watches no more', async (_, intervalMs, first) => {
    const counter = new Counter();
    counter.added = first;
    const values = counter.follow(intervalMs);
    if (first > 0) await values.next();
    const waiting = values.next();
    await turn();
    expect(counter.watchers).toBe(1);
    expect(await values.return!()).toEqual(end);
    expect(counter.watchers).toBe(0);
    expect(await waiting).toEqual(end);
    expect(await values.return!()).toEqual(end);
    expect(counter.watchers).toBe(0);
  });

  test('that is returned while it reads gives no value any more', async () => {
    const counter = new Counter();
    counter.added = 1;
    const values = counter.follow();
    const reading = values.next();
    await Promise.resolve();
    await values.return!();
    expect(counter.watchers).toBe(0);
    expect(await reading).toEqual(end);
  });

  test('that is left by break watches no more', async () => {
    const counter = new Counter();
    counter.added = 1;
    for await (const value of counter.follow()) {
      expect(value).toBe(1);
      break;
    }
    expect(counter.watchers).toBe(0);
  });

  test('throws what reading throws, and has ended then', async () => {
    const counter = new Counter();
    counter.fault = new Error('no database');
    const values = counter.follow();
    await expect(values.next()).rejects.toThrow('no database');
    expect(counter.watchers).toBe(0);
    expect(await values.next()).toEqual(end);
    expect(counter.reads).toBe(1);
  });

  test('throws what is thrown into it', async () => {
    const counter = new Counter();
    const values = counter.follow();
    await expect(values.throw!(new Error('enough'))).rejects.toThrow('enough');
    expect(counter.watchers).toBe(0);
  });
});
