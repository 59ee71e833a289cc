import { readFile } from 'node:fs/promises';

/** How a process ended: by itself with a code, by a signal, or not started at all. */
export type ProcessEnd =
  | { readonly how: 'code'; readonly code: number }
  | { readonly how: 'signal'; readonly signal: NodeJS.Signals; readonly outOfMemory: boolean }
  | { readonly how: 'not started'; readonly reason: string };

const meanings: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV: 'it used memory that it does not have',
  SIGBUS: 'it used memory that is not there, such as of a file that became shorter',
  SIGABRT: 'it, or one of its libraries, gave up',
  SIGFPE: 'an impossible calculation, such as a division of an integer by zero',
  SIGILL: 'an instruction that this processor does not have',
  SIGTRAP: 'it, or one of its libraries, gave up',
  SIGSYS: 'a system call that is not allowed here',
  SIGXCPU: 'its limit of CPU time',
  SIGXFSZ: 'its limit of file size',
  SIGPIPE: 'it wrote where nobody reads any more',
  SIGKILL: 'somebody other than this server, such as a limit of the machine',
  SIGTERM: 'somebody other than this server',
};

/** Words to follow a subject: "ended with exit code 3". */
export function describeEnd(end: ProcessEnd): string {
  switch (end.how) {
    case 'code':
      return `ended with exit code ${end.code}${shellMeaning(end.code)}`;
    case 'signal':
      if (end.outOfMemory) return `was ended by ${end.signal}: the kernel ran out of memory`;
      return `was ended by ${end.signal}${end.signal in meanings ? ` (${meanings[end.signal]})` : ''}`;
    case 'not started':
      return `could not be started: ${end.reason}`;
  }
}

/** What shells and those who follow them mean. */
function shellMeaning(code: number): string {
  if (code === 126) return ' (to a shell: a program cannot be executed)';
  if (code === 127) return ' (to a shell: a program was not found)';
  if (code === 137) return ' (to a shell: SIGKILL, as when memory runs out)';
  return '';
}

/** How many processes of this machine the kernel has ended because memory ran out; 0 where that cannot be told. */
export async function outOfMemoryKills(): Promise<number> {
  const text = await readFile('/proc/vmstat', 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}
