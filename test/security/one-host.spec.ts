import { once } from 'node:events';
import { connect } from 'node:net';
import { bootHost } from '../boot-host.js';
import { bootService } from '../flows/combinations.js';

/** The status line's code, of a request written by hand. */
async function statusOf(url: string, path: string, lines: readonly string[], version = '1.1'): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write([`GET ${path} HTTP/${version}`, ...lines, 'Connection: close', '', ''].join('\r\n'));
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(socket, 'close');
  return Number(text.split(' ')[1]);
}

const TWO = ['Host: localhost', 'Host: evil.example'];

describe.each([
  ['the service', () => bootService()],
  ['a Fastify host', () => bootHost({ adapter: 'fastify' })],
  ['an Express host', () => bootHost({ adapter: 'express' })],
])('a request to %s', (name, boot) => {
  it('has one Host, and a host in it (RFC 9112 §3.2)', async () => {
    const app = await boot();
    try {
      const path = '/.well-known/jwks.json';
      expect(await statusOf(app.url, path, ['Host: localhost'])).toBe(200);
      expect(await statusOf(app.url, path, TWO)).toBe(400);
      expect(await statusOf(app.url, path, ['Host: localhost', 'host: localhost'])).toBe(400);
      expect(await statusOf(app.url, path, ['Host: evil.example/@localhost'])).toBe(400);
      expect(await statusOf(app.url, path, [])).toBe(400);
      expect(await statusOf(app.url, '/auth/me', TWO)).toBe(400);
      expect(await statusOf(app.url, `http://localhost${path}`, ['Host: localhost'])).toBe(200);
      expect(await statusOf(app.url, `http://evil.example${path}`, ['Host: localhost'])).toBe(400);
      if (name !== 'the service') return;
      for (const other of ['/openapi.json', '/nowhere', '/health/live', '/docs'])
        expect([other, await statusOf(app.url, other, TWO)]).toEqual([other, 400]);
    } finally {
      await app.close();
    }
  });
});
