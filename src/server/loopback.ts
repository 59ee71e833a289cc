import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether a host name or address (an IPv6 one with or without brackets) can only mean this machine. */
export function isLoopback(host: string): boolean {
  // What nearly all requests say; the list of blocks makes objects for each question.
  if (host === '127.0.0.1' || host === 'localhost') return true;
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const family = isIP(name);
  if (family !== 0) return loopback.check(name, family === 6 ? 'ipv6' : 'ipv4');
  // RFC 6761, 6.3: names that resolvers must keep on the machine.
  return name === 'localhost' || name.endsWith('.localhost');
}
