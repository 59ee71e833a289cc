import type { MapAnswer, MapRequest } from './map-worker.ts';

/** Starts the placing of trials; `stop` when it is not wanted any more. */
export function placeTrials(
  request: MapRequest,
  told: { onShare(share: number): void; onPlaces(places: Float32Array): void; onError(error: Error): void },
): { stop(): void } {
  const worker = new Worker(new URL('./map-worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<MapAnswer>) => {
    if ('share' in data) return told.onShare(data.share);
    worker.terminate();
    told.onPlaces(data.places);
  };
  worker.onerror = ({ message }) => told.onError(new Error(message));
  worker.postMessage(request);
  return { stop: () => worker.terminate() };
}
