/** A seeded stream of pseudo-random numbers: the same seed gives the same stream on every machine. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound); `bound` >= 1. */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
}

/** A stream that knows how much of it was used, so that an equal one can go on from there. */
export interface CountedRandom extends Random {
  /** Uniform numbers drawn so far. */
  readonly draws: number;
  /** Draws until so many were drawn; no fewer than were already. */
  skipTo(draws: number): void;
}

export function countedRandom(random: Random): CountedRandom {
  let draws = 0;
  const uniform = (): number => {
    draws++;
    return random.uniform();
  };
  return {
    get draws() {
      return draws;
    },
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
    normal: () => {
      draws += 2;
      return random.normal();
    },
    skipTo: (target) => {
      while (draws < target) uniform();
    },
  };
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes BigCrush.
 * `keys` are hashed together, so (seed, 1) and (seed, 2) give unrelated streams.
 */
export function createRandom(...keys: readonly number[]): Random {
  let [a, b, c, counter] = seedState(keys);

  const next32 = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next32();

  const uniform = (): number => ((next32() >>> 5) * 67108864 + (next32() >>> 6)) / 9007199254740992;
  return {
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
    // Box-Muller; 1 - u keeps the logarithm's argument above zero.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** Hashes the keys four times from different starts: 128 bits, so that streams of many trials do not collide. */
function seedState(keys: readonly number[]): [number, number, number, number] {
  return [
    mixKeys(keys, 0x9e3779b9),
    mixKeys(keys, 0x243f6a88),
    mixKeys(keys, 0xb7e15162),
    mixKeys(keys, 0x3c6ef372),
  ];
}

/** 32 bits that depend on every bit of all keys and on `start`. */
export function mixKeys(keys: readonly number[], start: number): number {
  let state = start;
  for (const key of keys) {
    // Both halves of a 53-bit integer count.
    state = mix32(state ^ (key | 0));
    state = mix32(state ^ (Math.floor(key / 4294967296) | 0));
  }
  return state;
}

/** The finaliser of splitmix32: every input bit reaches every output bit. */
function mix32(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

/** Puts items into an order of the stream, all orders equally likely (Fisher and Yates). */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
