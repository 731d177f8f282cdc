import { readFileSync } from 'node:fs';
import { connect as connectHttp2, createSecureServer } from 'node:http2';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { connect } from 'node:tls';
import express from 'express';
import fastify from 'fastify';
import { authOf, refuse } from '../../src/verify/index.js';
import { Authority, type Identity, removeFolders } from '../mtls/authority.js';
import { call } from '../mtls/tls-client.js';
import { Bench } from './verifier-under-test.js';

/** Another service that speaks TLS itself. */
interface TlsHost {
  readonly name: string;
  start(options: ServerOptions, bench: Bench): Promise<Server>;
}

const HOSTS: readonly TlsHost[] = [
  {
    name: 'plain Node',
    start: (options, bench) =>
      listening(
        createServer(options, async (request, response) => {
          try {
            const { user } = await bench.verifier.verify(request);
            response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: user.id }));
          } catch (error) {
            if (!refuse(error, request, response)) throw error;
          }
        }),
      ),
  },
  {
    name: 'Express',
    start: (options, bench) => {
      const app = express();
      app.get(
        '/me',
        bench.verifier.express(),
        (request, response) => void response.json({ id: authOf(request).user.id }),
      );
      return listening(createServer(options, app));
    },
  },
  {
    name: 'Fastify',
    start: async (options, bench) => {
      const app = fastify({ https: options });
      app.register(bench.verifier.fastify() as never);
      app.register(async (part) => void part.get('/me', async (request) => ({ id: authOf(request).user.id })));
      await app.listen({ port: 0, host: '127.0.0.1' });
      return app.server;
    },
  },
];

function listening<T extends Server>(server: T): Promise<T> {
  return new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('a token that is bound to a certificate', () => {
  let options: ServerOptions;
  let owner: Identity;
  let thief: Identity;
  let bench: Bench;
  let token: string;
  const servers: Server[] = [];

  beforeAll(async () => {
    const authority = new Authority();
    owner = authority.issue({ subject: '/CN=owner' });
    thief = authority.issue({ subject: '/CN=thief' });
    const own = authority.issue({ subject: '/CN=localhost', eku: 'serverAuth' });
    // Whoever signed it: what counts is that the connection was opened with this one.
    options = {
      key: own.key,
      cert: own.cert,
      ca: readFileSync(authority.certFile),
      requestCert: true,
      rejectUnauthorized: false,
    };
    bench = await Bench.start();
    token = await bench.service.token({ cnf: { 'x5t#S256': owner.thumbprint } });
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await bench.stop();
    removeFolders();
  });
  const urlOf = (server: Server) => {
    servers.push(server);
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/me`;
  };

  it.each(HOSTS)(
    'is good over a real connection that was opened with it, and over no other: $name',
    async ({ start }) => {
      const url = urlOf(await start(options, bench));
      const headers = { authorization: `Bearer ${token}` };
      // The token is known after the first: what is known is confirmed at each request again.
      for (const _ of ['looked up', 'known']) {
        expect(await call(url, { identity: owner, headers })).toMatchObject({ status: 200, body: { id: 'u1' } });
        for (const identity of [thief, undefined])
          expect(await call(url, { ...(identity && { identity }), headers })).toMatchObject({
            status: 401,
            body: { code: 'unauthenticated', detail: expect.stringContaining('client certificate') },
          });
      }
      const free = await bench.service.token({ sid: 's2' });
      expect((await call(url, { headers: { authorization: `Bearer ${free}` } })).status).toBe(200);
    },
  );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is good over a connection that goes on with an earlier one (%s)',
    async (version) => {
      const url = urlOf(await HOSTS[0]!.start(options, bench));
      const first = await ask(url, version, owner);
      const again = await ask(url, version, owner, first.session);
      expect([first.status, again.status, again.isReused]).toEqual([200, 200, true]);
      const other = await ask(url, version, thief);
      expect([other.status, (await ask(url, version, thief, other.session)).status]).toEqual([401, 401]);
    },
  );

  it('is good over HTTP/2 likewise', async () => {
    const server = createSecureServer(options, async (request, response) => {
      try {
        await bench.verifier.verify(request);
        response.end();
      } catch (error) {
        if (!refuse(error, request, response as never)) throw error;
      }
    });
    const url = urlOf(await listening(server));
    const statuses: unknown[] = [];
    for (const identity of [owner, thief, undefined]) {
      const session = connectHttp2(url, { rejectUnauthorized: false, key: identity?.key, cert: identity?.cert });
      const stream = session.request({ ':path': '/me', authorization: `Bearer ${token}` });
      statuses.push(
        await new Promise((resolve, reject) => {
          stream.on('response', (headers) => resolve(headers[':status'])).on('error', reject);
          session.on('error', reject);
        }),
      );
      session.destroy();
    }
    expect(statuses).toEqual([200, 401, 401]);
  });

  /** One request over a connection of its own, and what the next one may go on with. */
  function ask(url: string, version: 'TLSv1.2' | 'TLSv1.3', { key, cert }: Identity, session?: Buffer) {
    const { port } = new URL(url);
    const own = { key, cert, minVersion: version, maxVersion: version, rejectUnauthorized: false };
    return new Promise<{ status: number; isReused: boolean; session: Buffer | undefined }>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: Number(port), ...own, ...(session && { session }) });
      let [text, given] = ['', undefined as Buffer | undefined];
      socket.on('session', (one: Buffer) => {
        given = one;
      });
      socket.on('error', reject);
      socket.on('secureConnect', () =>
        socket.write(
          `GET /me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
        ),
      );
      socket.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      socket.on('end', () =>
        resolve({ status: Number(text.split(' ', 2)[1]), isReused: socket.isSessionReused(), session: given }),
      );
    });
  }
});
