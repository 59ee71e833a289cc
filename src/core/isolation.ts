/** Where a trial's code runs: in a thread of the server's process. */
export type Isolation = 'thread';
