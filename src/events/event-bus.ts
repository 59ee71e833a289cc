/** What can happen, by name. Events only wake readers: what happened is read from the database, from a cursor on. */
export interface EventMap {
  studyChanged: { readonly studyId: number; readonly lastEvent: number };
  studyDeleted: { readonly studyId: number };
  metricsStored: { readonly studyId: number; readonly commit: number };
  logStored: { readonly studyId: number; readonly trialId: number };
  devicesChanged: Record<never, never>;
}

export type EventName = keyof EventMap;
type Listener<N extends EventName> = (event: EventMap[N]) => void;

/** Delivers events within this process, synchronously and in order. Listeners must not throw. */
export class EventBus {
  readonly #listeners = new Map<EventName, Set<Listener<never>>>();

  publish<N extends EventName>(name: N, event: EventMap[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as Listener<N>)(event);
  }

  /** @returns a function that ends the subscription */
  subscribe<N extends EventName>(name: N, listener: Listener<N>): () => void {
    let listeners = this.#listeners.get(name);
    if (listeners === undefined) {
      listeners = new Set();
      this.#listeners.set(name, listeners);
    }
    listeners.add(listener as Listener<never>);
    return () => listeners.delete(listener as Listener<never>);
  }
}
