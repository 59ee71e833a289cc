import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/core/random.ts';

type Fetch = typeof globalThis.fetch;

/** How many requests of a hundred meet each fault. */
const faults = {
  'a request sent twice at once': 0.5,
  'a request sent again after its answer': 0.5,
  'an answer that is lost': 0.75,
  'a request that is lost': 0.5,
} as const;

/** Sends requests over a network that loses and repeats some. @param onFault is told of each before it happens */
export function faultyFetch(random: Random, onFault: (fault: string) => void): Fetch {
  return async (input, init) => {
    const fault = draw(random);
    if (fault !== null) onFault(fault);
    switch (fault) {
      case 'a request sent twice at once': {
        const [answer] = await Promise.all([fetch(input, init), discard(fetch(input, init))]);
        return answer;
      }
      case 'a request sent again after its answer': {
        await discard(fetch(input, init));
        return fetch(input, init);
      }
      case 'an answer that is lost':
        await discard(fetch(input, init));
        throw new TypeError('fetch failed: chaos lost the answer');
      case 'a request that is lost':
        await sleep(5);
        throw new TypeError('fetch failed: chaos lost the request');
      default:
        return fetch(input, init);
    }
  };
}

function draw(random: Random): keyof typeof faults | null {
  let left = random.uniform() * 100;
  for (const [fault, percent] of Object.entries(faults)) {
    left -= percent;
    if (left < 0) return fault as keyof typeof faults;
  }
  return null;
}

async function discard(answer: Promise<Response>): Promise<void> {
  await answer.then((response) => response.arrayBuffer()).catch(() => {});
}
