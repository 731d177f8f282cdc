import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';

interface Answer {
  readonly statuses: string[];
  readonly text: string;
}

/** Sends the bytes as they are; answers with all that came until the server closed. */
function raw(url: string, bytes: string | Buffer): Promise<Answer> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    let text = '';
    // Not half-closed: Node takes that for a client that has gone.
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => (text += data.toString('latin1')));
    const done = () =>
      resolve({ statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]!), text });
    socket.on('close', done).on('error', done);
  });
}

const HEX_BEYOND_64_BITS = '10000000000000005';

describe.each(['fastify', 'express'] as const)(
  'a request that two readers could read differently, on %s',
  (adapter) => {
    let app: AuthTestApp;
    let ada: TestUser;
    let bob: TestUser;
    let host: string;
    let right: string;
    beforeAll(async () => {
      app = await bootHost({ adapter, options: { authStrategies: ['session', 'jwt'] } });
      ada = await app.logIn({ strategy: 'session' });
      bob = await app.logIn({ strategy: 'session' });
      host = new URL(app.url).host;
      right = JSON.stringify({ email: ada.email, password: ada.password });
    });
    afterAll(() => app.close());

    const cookieOf = (user: TestUser) => user.headers.cookie!;
    const request = (method: string, path: string, headers: readonly string[], body: string | Buffer = '') =>
      raw(
        app.url,
        Buffer.concat([
          Buffer.from(
            [`${method} ${path} HTTP/1.1`, `host: ${host}`, 'connection: close', ...headers, '', ''].join('\r\n'),
            'latin1',
          ),
          Buffer.from(body),
        ]),
      );
    const json = 'content-type: application/json';
    const chunked = (size: string, body: string) => `${size}\r\n${body}\r\n0\r\n\r\n`;
    const refused = ({ statuses, text }: Answer) => {
      expect(statuses).toEqual([expect.stringMatching(/^4\d\d$/)]);
      // Those that are cleared have no value.
      expect(text.toLowerCase()).not.toMatch(/^set-cookie: [^=]+=[^;]/m);
    };

    it('would log in if nothing were odd about it', async () => {
      const plain = await request('POST', '/auth/login', [json, `content-length: ${right.length}`], right);
      expect(plain.statuses).toEqual(['200']);
      const size = right.length.toString(16);
      const inChunks = await request('POST', '/auth/login', [json, 'transfer-encoding: chunked'], chunked(size, right));
      expect(inChunks.statuses).toEqual(['200']);
    });

    const lengths: [string, (length: number, size: string) => readonly string[], (size: string) => string | null][] = [
      ['two lengths', (length) => [`content-length: ${length}`, `content-length: ${length - 1}`], () => null],
      ['the same length twice', (length) => [`content-length: ${length}`, `content-length: ${length}`], () => null],
      ['a list of lengths', (length) => [`content-length: ${length}, ${length}`], () => null],
      ['a length with a sign', (length) => [`content-length: +${length}`], () => null],
      ['a blank before the colon', (length) => [`content-length : ${length}`], () => null],
      ['length and chunks', (length) => [`content-length: ${length}`, 'transfer-encoding: chunked'], (size) => size],
      ['chunks that are not last', () => ['transfer-encoding: chunked, identity'], (size) => size],
      ['nearly chunks', () => ['transfer-encoding: xchunked'], (size) => size],
      ['chunks twice', () => ['transfer-encoding: chunked', 'transfer-encoding: identity'], (size) => size],
      ['a chunk beyond 64 bits', () => ['transfer-encoding: chunked'], () => HEX_BEYOND_64_BITS],
      ['a negative chunk', () => ['transfer-encoding: chunked'], (size) => `-${size}`],
      ['a chunk size with 0x', () => ['transfer-encoding: chunked'], (size) => `0x${size}`],
      ['a chunk size behind a blank', () => ['transfer-encoding: chunked'], (size) => ` ${size}`],
      ['a chunk extension with a line feed', () => ['transfer-encoding: chunked'], (size) => `${size};a=b\nc`],
      ['a folded header', (length) => ['x-odd: a', ' b', `content-length: ${length}`], () => null],
    ];
    it.each(lengths)('by %s logs no user in', async (_what, headersOf, sizeOf) => {
      const size = sizeOf(right.length.toString(16));
      const headers = headersOf(right.length, size ?? '');
      refused(await request('POST', '/auth/login', [json, ...headers], size === null ? right : chunked(size, right)));
    });

    it.each([
      [
        'packed, a hundred times as long',
        [json, 'content-encoding: gzip'],
        (body: string) => gzipSync(body.padEnd(20_000_000)),
      ],
      [
        'in UTF-16',
        ['content-type: application/json; charset=utf-16le'],
        (body: string) => Buffer.from(body, 'utf16le'),
      ],
      ['in UTF-7', ['content-type: application/json; charset=utf-7'], (body: string) => Buffer.from(body)],
      ['as a text, as a form of another site may', ['content-type: text/plain'], (body: string) => Buffer.from(body)],
    ] as const)('with a body %s logs no user in', async (_what, headers, packed) => {
      const body = packed(right);
      refused(await request('POST', '/auth/login', [...headers, `content-length: ${body.length}`], body));
    });

    it.each<[string, () => readonly string[]]>([
      ['cookies of two users in one header', () => [`cookie: ${cookieOf(ada)}; ${cookieOf(bob)}`]],
      ['cookies of two users in two headers', () => [`cookie: ${cookieOf(ada)}`, `cookie: ${cookieOf(bob)}`]],
      ['a cookie in a folded header', () => ['cookie: a=b;', ` ${cookieOf(ada)}`]],
      ['a cookie behind a bare line feed', () => [`x-odd: a\ncookie: ${cookieOf(ada)}`]],
      ['a cookie beyond 16 kB', () => [`cookie: ${cookieOf(ada)}; a=${'b'.repeat(17_000)}`]],
      ['two hosts', () => ['host: elsewhere.example', `cookie: ${cookieOf(ada)}`]],
    ])('with %s stands for no user', async (_what, headers) => {
      refused(await request('GET', '/auth/me', headers()));
      expect((await request('GET', '/auth/me', [`cookie: ${cookieOf(ada)}`])).statuses).toEqual(['200']);
    });

    it.each([
      [
        'a thousand other cookies',
        () => `${Array.from({ length: 1_000 }, (_, i) => `c${i}=1`).join('; ')}; ${cookieOf(ada)}`,
      ],
      ['cookies without names and values', () => `;;=;=x;a; ${cookieOf(ada)}`],
    ])('with %s is its user’s', async (_what, cookie) => {
      expect((await request('GET', '/auth/me', [`cookie: ${cookie()}`])).statuses).toEqual(['200']);
    });

    it.each([
      ['a site of its own and another one', ['sec-fetch-site: same-origin', 'sec-fetch-site: cross-site']],
      ['an origin of its own and another one', ['ORIGIN', 'origin: https://elsewhere.example']],
      [
        'another origin, and a method in a header',
        ['origin: https://elsewhere.example', 'x-http-method-override: GET'],
      ],
    ])('from %s changes nothing', async (_what, given) => {
      const headers = given.map((line) => (line === 'ORIGIN' ? `origin: ${app.url}` : line));
      const answer = await request('POST', '/auth/logout', [
        ...headers,
        `cookie: ${cookieOf(ada)}`,
        'content-length: 0',
      ]);
      expect(answer.statuses).toEqual(['403']);
      expect((await request('GET', '/auth/me', [`cookie: ${cookieOf(ada)}`])).statuses).toEqual(['200']);
    });

    it('has no ticket in what follows its body', async () => {
      const trailer = `0\r\ncookie: ${cookieOf(ada)}\r\n\r\n`;
      const answer = await request('POST', '/auth/logout', ['transfer-encoding: chunked', 'trailer: cookie'], trailer);
      expect(answer.statuses).toEqual([expect.stringMatching(/^(204|4\d\d)$/)]);
      expect((await request('GET', '/auth/me', [`cookie: ${cookieOf(ada)}`])).statuses).toEqual(['200']);
    });

    it('with two refresh cookies refreshes neither, and ends neither', async () => {
      const [one, other] = [
        await app.logIn({ strategy: 'jwt', transport: 'cookie' }),
        await app.logIn({ strategy: 'jwt', transport: 'cookie' }),
      ];
      const both = `cookie: ${cookieOf(one)}; ${cookieOf(other)}`;
      refused(await request('POST', '/auth/refresh', [json, both, 'content-length: 2'], '{}'));
      for (const user of [one, other]) expect((await user.post('/auth/refresh', {})).status).toBe(200);
    });

    it('with two tokens stands for no user, whichever comes first', async () => {
      const [one, other] = [await app.logIn({ strategy: 'jwt' }), await app.logIn({ strategy: 'jwt' })];
      const bearer = (user: TestUser) => `authorization: Bearer ${user.accessToken}`;
      expect((await request('GET', '/auth/me', [bearer(one)])).statuses).toEqual(['200']);
      refused(await request('GET', '/auth/me', [bearer(one), bearer(other)]));
      refused(await request('GET', '/auth/me', [`${bearer(one)}, Bearer ${other.accessToken}`]));
    });
  },
);
