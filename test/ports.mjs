import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below the ports that the system gives to outgoing connections: a client that reconnects to a stopped server's port within
 * those can connect to itself, and hold it.
 */
const FIRST = 12_000;
const LAST = 31_999;

/**
 * A port that is free now, and that no other caller is given while this process lives: whoever reserves it holds the UDP port of
 * the same number, which the system takes back whatever ends the process. So several Jest workers and their servers do not meet.
 *
 * @param offset this much above it there must be another free one
 */
export async function reservePort(offset = 0) {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - offset - FIRST + 1));
    const wanted = offset ? [port, port + offset] : [port];
    const held = await Promise.all(wanted.map(hold));
    if (held.every(Boolean) && (await Promise.all(wanted.map(isFree))).every(Boolean)) return port;
    for (const socket of held) socket?.close();
  }
}

/** Whether a server ended because somebody else had its port, by what it said. */
export function wasTaken(output) {
  return /EADDRINUSE|Address already in use/i.test(output);
}

function hold(port) {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(null);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(socket);
    });
  });
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
