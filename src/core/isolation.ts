/** Where a trial's code runs: in a thread of the server's process, or in a process of its own. */
export type Isolation = 'thread' | 'process';
