import { UMAP } from 'umap-js';

/** Places trials in the plane by their settings, away from the page's thread. */

export interface MapRequest {
  readonly rows: Float32Array;
  readonly width: number;
}

/** Places by pairs; or how far the work is. */
export type MapAnswer = { readonly share: number } | { readonly places: Float32Array };

/** Optimised for so many rounds, as umap-learn does for small data. */
const epochs = 300;
const epochsBetweenNews = 20;

const scope = self as unknown as {
  onmessage: ((message: { data: MapRequest }) => void) | null;
  postMessage(answer: MapAnswer): void;
};

scope.onmessage = ({ data: { rows, width } }) => {
  const count = rows.length / width;
  const points = Array.from({ length: count }, (_, row) =>
    Array.from(rows.subarray(row * width, (row + 1) * width)),
  );
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(15, count - 1),
    minDist: 0.15,
    nEpochs: epochs,
    random: mulberry32(1),
  });
  umap.initializeFit(points);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % epochsBetweenNews === 0) scope.postMessage({ share: epoch / epochs });
  }
  scope.postMessage({ places: Float32Array.from(umap.getEmbedding().flat()) });
};

/** Equal numbers at every run, so that the same trials give the same map (Mulberry32, public domain, T. Ettinger). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
