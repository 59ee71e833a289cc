import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Coalescer } from '../../src/dashboard/live/coalescer.ts';

test('many requests run the task once, those that come while it runs once more, and never two at a time', async () => {
  let runs = 0;
  let running = 0;
  let mostAtATime = 0;
  const coalescer = new Coalescer(async () => {
    runs++;
    mostAtATime = Math.max(mostAtATime, ++running);
    await sleep(20);
    running--;
  }, 5);
  for (let i = 0; i < 100; i++) coalescer.request();
  while (running === 0) await sleep(1);
  for (let i = 0; i < 100; i++) coalescer.request();
  while (runs < 2 || running > 0) await sleep(5);
  await sleep(100);
  expect(runs).toBe(2);
  expect(mostAtATime).toBe(1);
});

test('a task that fails is run again when it is asked for again; a closed one never', async () => {
  let runs = 0;
  const coalescer = new Coalescer(async () => {
    runs++;
    throw new Error('no');
  }, 1);
  coalescer.request();
  while (runs < 1) await sleep(1);
  await sleep(1);
  coalescer.request();
  while (runs < 2) await sleep(1);
  coalescer.request();
  coalescer.close();
  coalescer.request();
  await sleep(30);
  expect(runs).toBe(2);
});
