/** Where the values of a subscription go: a connection to a client. Its methods never throw. */
export interface Outlet {
  /** Whether nothing waits to be sent. */
  readonly isReady: boolean;
  /** Resolves when it is ready, or can never send anything again. */
  untilReady(): Promise<void>;
  /** Takes a value even when it is not ready, and keeps it until it is sent. */
  send(json: Buffer): void;
}

/** The values of a subscription, each as JSON in UTF-8, on their way to a client. */
export interface Delivery {
  /**
   * Sends every value in order, as fast as the outlet gets ready for them, until the end. Call it once.
   * @throws what the source of the values throws
   */
  sendTo(outlet: Outlet): Promise<void>;
  /** Ends it: nothing is sent any more. */
  stop(): void;
}
