/** What can happen, by name. Events only wake readers: what happened is read from the database, from a cursor on. */
export interface EventMap {
  studyChanged: { readonly studyId: number };
  studyDeleted: { readonly studyId: number };
  metricsStored: { readonly studyId: number };
  logStored: { readonly studyId: number; readonly trialId: number };
  devicesChanged: Record<never, never>;
  /** Whatever other servers have published lately may not have come here. */
  eventsMissed: Record<never, never>;
}

export type EventName = keyof EventMap;
type Listener<N extends EventName> = (event: EventMap[N]) => void;
/** Takes what is published here to where else it matters; must not throw. */
type Forward = <N extends EventName>(name: N, event: EventMap[N]) => void;

/** Delivers events within this process, synchronously and in order. Listeners must not throw. */
export class EventBus {
  readonly #listeners = new Map<EventName, Set<Listener<never>>>();
  #forward: Forward = () => {};

  /** For what has happened in this process. */
  publish<N extends EventName>(name: N, event: EventMap[N]): void {
    this.deliver(name, event);
    this.#forward(name, event);
  }

  /** For what has happened elsewhere: it is not forwarded. */
  deliver<N extends EventName>(name: N, event: EventMap[N]): void {
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

  /** Hands over everything that is published from now on. */
  forwardTo(forward: Forward): void {
    this.#forward = forward;
  }
}
