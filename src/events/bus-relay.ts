import type { Pool } from 'pg';
import type { Logger } from '../core/logger.ts';
import { maxMessageBytes, NotificationChannel } from '../storage/notification-channel.ts';
import type { EventBus, EventMap, EventName } from './event-bus.ts';

/** Events that readers of other servers wait for; the others are about this process alone. */
const relayed: ReadonlySet<EventName> = new Set([
  'studyChanged',
  'studyDeleted',
  'metricsStored',
  'logStored',
]);
/**
 * The least time between two sendings; equal events in between are sent once. 20 ms delay nobody who watches, and keep a
 * server that commits all the time at 50 small statements a second.
 */
const intervalMs = 20;
/** Beyond so many, others are told to look at everything. */
const maxPending = 1000;
const everything = JSON.stringify(['eventsMissed', {}]);

/**
 * Joins the buses of all servers on one database. An event is sent after its commit, not with it, since a NOTIFY makes
 * commits wait for each other; that it may be lost with its server is no matter, because it only wakes readers and these
 * wake again when anything else happens, or when the connection was made anew.
 */
export class BusRelay {
  readonly #bus: EventBus;
  readonly #onForeign: (name: EventName, studyId: number) => void;
  readonly #channel: NotificationChannel;
  /** Events to send, each as its message. */
  readonly #pending = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;
  #isSending = false;

  /** @param onForeign is told what other servers have done to studies, after the readers of this one */
  constructor(
    bus: EventBus,
    pool: Pool,
    log: Logger,
    onForeign: (name: EventName, studyId: number) => void = () => {},
  ) {
    this.#bus = bus;
    this.#onForeign = onForeign;
    const handlers = {
      onMessage: (message: string) => this.#receive(message),
      onConnect: () => {
        bus.deliver('eventsMissed', {});
        this.#schedule();
      },
    };
    this.#channel = new NotificationChannel(pool, handlers, log);
  }

  async start(): Promise<void> {
    this.#bus.forwardTo((name, event) => {
      if (relayed.has(name)) this.#add(JSON.stringify([name, event]));
    });
    await this.#channel.start();
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    this.#bus.forwardTo(() => {});
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#send();
    await this.#channel.close();
  }

  #add(event: string): void {
    if (this.#pending.has(everything)) return;
    this.#pending.add(event);
    if (this.#pending.size > maxPending) {
      this.#pending.clear();
      this.#pending.add(everything);
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== null || this.#isSending || this.#pending.size === 0) return;
    const waitMs = Math.max(0, this.#sentAt + intervalMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#send();
    }, waitMs);
  }

  async #send(): Promise<void> {
    // When it is connected it is told so.
    if (!this.#channel.isConnected || this.#pending.size === 0) return;
    const events = [...this.#pending];
    this.#pending.clear();
    this.#isSending = true;
    this.#sentAt = performance.now();
    try {
      await this.#channel.send(inMessages(events));
      this.#isSending = false;
    } catch {
      this.#isSending = false;
      for (const event of events) this.#add(event);
    }
    this.#schedule();
  }

  #receive(message: string): void {
    for (const { name, event } of parseMessage(message)) {
      this.#bus.deliver(name, event);
      if (name !== 'eventsMissed') this.#onForeign(name, Number(event.studyId));
    }
  }
}

interface ReceivedEvent {
  readonly name: EventName;
  readonly event: EventMap[EventName] & Record<string, number>;
}

/** As few messages as hold all events. */
function inMessages(events: readonly string[]): string[] {
  const messages: string[] = [];
  let list: string[] = [];
  let bytes = 2;
  for (const event of events) {
    if (bytes + event.length + 1 > maxMessageBytes) {
      messages.push(`[${list.join()}]`);
      list = [];
      bytes = 2;
    }
    list.push(event);
    bytes += event.length + 1;
  }
  return [...messages, `[${list.join()}]`];
}

/** Other versions of this program may send what is not known here: it is passed over. */
function parseMessage(message: string): ReceivedEvent[] {
  let list: unknown;
  try {
    list = JSON.parse(message);
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (!Array.isArray(entry)) return [];
    const [name, event] = entry as [EventName, unknown];
    if (!relayed.has(name) && name !== 'eventsMissed') return [];
    return typeof event === 'object' && event !== null
      ? [{ name, event: event as ReceivedEvent['event'] }]
      : [];
  });
}
