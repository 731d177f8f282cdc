import { isIP } from 'node:net';

/**
 * Whether a host, as in a URL or an option, names this machine and no other: `localhost`, a name below it (RFC 6761 §6.3), or an
 * address of the loopback interface. Other names are not looked up: where they lead can change.
 */
export function isLoopbackHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name);
}

/** Whether an address is of the loopback interface; false for what is no address. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIP(plain) === 4) return plain.startsWith('127.');
  return isIP(plain) === 6 && /^(::|(0+:){7})0*1$/.test(plain);
}
