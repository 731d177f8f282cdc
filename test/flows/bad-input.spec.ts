import { connect } from 'node:net';
import { Logger } from '@nestjs/common';
import type { AuthTestApp } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from './combinations.js';

const nested = (field: string, depth: number) => `{"${field}":${'['.repeat(depth)}${']'.repeat(depth)}}`;

describe('bad input', () => {
  let app: AuthTestApp;
  const errors = jest.spyOn(Logger.prototype, 'error');
  beforeAll(async () => {
    app = await bootService();
  });
  afterAll(() => app.close());

  const credentials = { email: 'ada@example.com', password: 'an engine weaves algebra' };
  const bodies: Record<string, Record<string, unknown>> = {
    '/auth/register': { ...credentials, name: 'Ada' },
    '/auth/login': { ...credentials, strategy: 'jwt', transport: 'body' },
    '/auth/email/verify': { token: 'token' },
    '/auth/email/verification': { email: credentials.email },
    '/auth/refresh': { refreshToken: 'token' },
  };
  const wrongTypes: unknown[] = [null, true, 7, [], ['a@example.com'], {}, { $ne: null }, { toString: 'x' }];

  it.each(Object.keys(bodies))(
    'of the wrong JSON type in any field of %s is 400 with the field’s name',
    async (path) => {
      for (const field of Object.keys(bodies[path]!)) {
        for (const value of wrongTypes) {
          const optional = ['name', 'strategy', 'transport', 'refreshToken'].includes(field);
          if (value === null && optional) continue;
          const reply = await app.client().post(path, { ...bodies[path], [field]: value });
          expect([field, value, reply.status, reply.body.code]).toEqual([field, value, 400, 'validation_failed']);
          expect(reply.body.errors.map((error: { field: string }) => error.field.split('.')[0])).toContain(field);
        }
      }
    },
  );

  it.each([
    'roles',
    'id',
    'emailVerified',
    'emailVerifiedAt',
    'createdAt',
    'bannedAt',
    'admin',
    'constructor',
    'prototype',
  ])('cannot set %s at registration', async (field) => {
    const email = `mass-${field.toLowerCase()}@example.com`;
    const reply = await app.client().post('/auth/register', { ...credentials, email, [field]: ['admin'] });
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    expect(reply.body.errors).toEqual([expect.objectContaining({ field })]);
    expect(await app.app.get(UserStore, { strict: false }).findByEmail(email)).toBeNull();
  });

  it('with __proto__ is 400 and poisons nothing', async () => {
    const reply = await app
      .client()
      .post(
        '/auth/register',
        '{"email":"p@example.com","password":"correct horse staple","__proto__":{"roles":["admin"]}}',
      );
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    expect(({} as { roles?: unknown }).roles).toBeUndefined();
  });

  it.each([
    ['no JSON', '{"email":', 400, 'validation_failed'],
    ['an array', '[]', 400, 'validation_failed'],
    ['a string', '"x"', 400, 'validation_failed'],
    ['null', 'null', 400, 'validation_failed'],
    ['empty', '', 400, 'validation_failed'],
    ['broken UTF-8', Buffer.from('7b22656d61696c223a22ff227d', 'hex'), 400, 'validation_failed'],
    ['10,000 levels deep', '['.repeat(10_000) + ']'.repeat(10_000), 400, 'validation_failed'],
    ['1,400 levels deep in an unknown field', nested('x', 1400), 400, 'validation_failed'],
    ['40,000 levels deep in a known field', nested('email', 40_000), 400, 'validation_failed'],
    [
      '12,000 unknown fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`k${at}`, 1]))),
      400,
      'validation_failed',
    ],
    [
      'toString as a field',
      '{"toString":"x","email":"a@example.com","password":"correct horse"}',
      400,
      'validation_failed',
    ],
    ['over 100 kB', JSON.stringify({ ...credentials, password: 'x'.repeat(101 * 1024) }), 413, 'payload_too_large'],
    ['1 MiB', JSON.stringify({ ...credentials, password: 'x'.repeat(1024 * 1024) }), 413, 'payload_too_large'],
  ])('that is %s is refused', async (_what, body, status, code) => {
    for (const path of ['/auth/login', '/auth/register']) {
      const reply = await app.client().post(path, body);
      expect([reply.status, reply.body.code]).toEqual([status, code]);
      expect(reply.text.length).toBeLessThan(4000);
      // What API.md promises for validation, also where nothing could be validated.
      if (status === 400)
        expect(reply.body.errors[0]).toEqual(expect.objectContaining({ message: expect.any(String) }));
    }
  });

  it('that is no JSON says so, and repeats nothing of it', async () => {
    const { body, text } = await app.client().post('/auth/login', '{"email": hunter2');
    expect(body.errors).toEqual([expect.objectContaining({ field: '', rule: 'isJson' })]);
    expect(text).not.toContain('hunter2');
  });

  it.each(['%ff', 'x'.repeat(1_700)])('in a path that cannot be read says so: %s', async (id) => {
    const { status, body } = await app.client().delete(`/auth/sessions/${id}`);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.errors).toEqual([expect.objectContaining({ field: '', rule: 'isReadable' })]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'text/json',
  ])('declared as %s is 415', async (type) => {
    const body = type.includes('form-url') ? 'email=a@example.com&password=correct+horse' : JSON.stringify(credentials);
    for (const path of ['/auth/login', '/auth/register', '/auth/logout-all', '/auth/refresh']) {
      const reply = await app.client().post(path, body, { 'content-type': type });
      const due = path === '/auth/logout-all' ? [401, 415] : [415];
      expect(due).toContain(reply.status);
      expect(reply.setCookies).toEqual([]);
    }
  });

  it.each([
    ['NUL', 'correct\u0000horse staple'],
    ['a lone surrogate', 'correct \ud800 horse staple'],
    ['257 characters', 'x'.repeat(257)],
    ['50 kB', 'x'.repeat(50_000)],
    ['7 characters', 'abcdefg'],
    ['7 emoji', '😀'.repeat(7)],
  ])('password with %s is refused at registration with its field named', async (_what, password) => {
    const reply = await app.client().post('/auth/register', { email: 'odd-password@example.com', password });
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    expect(reply.body.errors[0].field).toBe('password');
    const login = await app.client().post('/auth/login', { email: 'odd-password@example.com', password });
    expect(login.status).toBeGreaterThanOrEqual(400);
    expect(login.status).toBeLessThan(500);
  });

  it.each([
    'a@b,c@example.com',
    'a@b@example.com',
    '<a@example.com>',
    'a;b@example.com',
    '"a b"@example.com',
    'a@example.com\r\nbcc: x@evil.com',
    'a\u0000@example.com',
    'a\uff20example.com',
    'a@ex\uff41mple.com',
    'ad\u0131@example.com',
    `${'a'.repeat(300)}@example.com`,
    'a@',
    '@example.com',
    'a',
    '',
    ' a@example.com',
    'a@-x.com',
    'a@x..com',
  ])('e-mail %j is refused, and nothing is mailed', async (email) => {
    const before = (await app.mails()).length;
    for (const path of ['/auth/register', '/auth/email/verification', '/auth/login']) {
      const reply = await app
        .client()
        .post(path, path.endsWith('verification') ? { email } : { email, password: credentials.password });
      expect([path, reply.status, reply.body.code]).toEqual([path, 400, 'validation_failed']);
    }
    expect((await app.mails()).length).toBe(before);
  });

  it('with an odd method is 405 with Allow; an unknown path is 404', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'GET']) {
      const reply = await app.client().request(method, '/auth/login');
      expect([method, reply.status]).toEqual([method, 405]);
      expect(reply.headers.get('allow')).toBe('POST');
    }
    expect((await app.client().request('PUT', '/auth/me')).status).toBe(405);
    const query = await app.client().request('QUERY', '/auth/me');
    expect([query.status, query.body.code, query.headers.get('allow')]).toEqual([
      405,
      'method_not_allowed',
      'DELETE, GET, HEAD, PATCH',
    ]);
    expect((await app.client().request('QUERY', '/no/such/path')).status).toBe(404);
    expect((await app.client().post('/auth/sessions/3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11')).status).toBe(405);
    const unroutable = await app.client().get('/%zz');
    expect([unroutable.status, unroutable.body.code]).toEqual([400, 'validation_failed']);
    expect(unroutable.headers.get('x-request-id')).toBeTruthy();
    const unknown = await app.client().get('/no/such/path');
    expect([unknown.status, unknown.body.code, unknown.headers.get('content-type')]).toEqual([
      404,
      'not_found',
      'application/problem+json; charset=utf-8',
    ]);
    expect((await app.client({ 'x-http-method-override': 'DELETE' }).post('/auth/me')).status).toBe(405);
  });

  it('in the path’s spelling never opens a closed route', async () => {
    for (const path of [
      '//auth/me',
      '/auth//me',
      '/auth/me/',
      '/AUTH/ME',
      '/auth/%6de',
      '/auth/me;x=y',
      '/auth/./me',
      '/auth/me%00',
      '/%',
      '/auth/me?__proto__=1',
    ]) {
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
        const reply = await app.client().request(method, path);
        expect([method, path, reply.status >= 400 && reply.status < 500]).toEqual([method, path, true]);
      }
    }
  });

  /** All that comes back on a connection of its own, until the service closes it. */
  const sendRaw = (...parts: string[]) =>
    new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write(parts[0]!, 'latin1'));
      socket
        .on('data', (data) => (text += data.toString('latin1')))
        .on('close', () => resolve(text))
        .on('error', reject);
      // When there is a reply to the first.
      if (parts[1] !== undefined) socket.once('data', () => socket.write(parts[1]!, 'latin1'));
    });
  const POST = 'POST /auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

  it.each([
    ['a method that does not exist', 'FOO / HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['a NUL in its target', 'GET /\x00 HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['a header of 20 kB', `GET /auth/me HTTP/1.1\r\nhost: x\r\ncookie: ${'a'.repeat(20_000)}\r\n\r\n`, 413],
    ['a header name that is none', 'GET /auth/me HTTP/1.1\r\nhost: x\r\nb ad: 1\r\n\r\n', 400],
    ['a broken chunk', `${POST}transfer-encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['two lengths', `${POST}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['no Host', 'GET /auth/me HTTP/1.1\r\n\r\n', 400],
    ['an expectation', 'GET /auth/me HTTP/1.1\r\nhost: x\r\nexpect: foo\r\n\r\n', 400],
  ])(
    'that breaks HTTP itself, by %s, gets one problem document, with the headers of every reply',
    async (_, sent, status) => {
      const [head, body, ...more] = (await sendRaw(sent)).split('\r\n\r\n');
      const [line, ...lines] = head!.split('\r\n');
      const headers = new Headers(lines.map((one) => one.split(': ', 2) as [string, string]));
      expect([line!.split(' ')[1], more]).toEqual([String(status), []]);
      const problem = JSON.parse(body!);
      expect(problem).toMatchObject({ status, code: status === 413 ? 'payload_too_large' : 'validation_failed' });
      if (status === 400) expect(problem.errors).toEqual([expect.objectContaining({ field: '', rule: 'isReadable' })]);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'content-length': String(body!.length),
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-content-type-options': 'nosniff',
        'x-request-id': problem.requestId,
        'cache-control': 'no-store',
        connection: 'close',
      });
      expect(errors).not.toHaveBeenCalled();
    },
  );

  it('that breaks HTTP behind a whole request leaves that its reply, and closes the connection', async () => {
    const whole = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';
    const replies = await sendRaw(`${whole}FOO / HTTP/1.1\r\n\r\n`);
    expect(replies.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    const afterwards = await sendRaw(whole, 'FOO / HTTP/1.1\r\n\r\n');
    expect(afterwards.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('is answered with a request id, and never with a stack, SQL or a host', async () => {
    const reply = await app
      .client({ 'x-request-id': 'trace-42' })
      .post('/auth/login', { email: "a'--@example.com", password: "' OR 1=1 --" });
    expect(reply.headers.get('x-request-id')).toBe('trace-42');
    expect(reply.body.requestId).toBe('trace-42');
    expect(reply.text).not.toMatch(/\bat \w+|SELECT|node_modules|127\.0\.0\.1|postgres/i);
    const forged = await app.client({ 'x-request-id': 'a b"c' }).get('/auth/me');
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
