import { HttpAdapterHost } from '@nestjs/core';
import { RequestTimes } from '../../src/service/request-times.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { reservePort } from '../ports.mjs';

const OURS = 'https://ours.example.com';
const HEADERS = [
  'content-security-policy',
  'permissions-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
];

describe('what the provider answers in front of the service', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({
      authStrategies: ['session', 'oauth'],
      corsOrigins: [OURS],
      managementPort: await reservePort(),
    });
  });
  afterAll(() => app.close());

  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${app.url}${path}`, { method, headers, redirect: 'manual' });
  const preflight = (path: string, origin: string) =>
    ask(path, { origin, 'access-control-request-method': 'POST' }, 'OPTIONS');

  it.each(['/.well-known/openid-configuration', '/oauth/authorize', '/oauth/nothing', '/OAuth/Token/'])(
    'has the headers of every reply: %s',
    async (path) => {
      const { headers } = await ask(path, { 'x-request-id': 'mine-1' });
      expect(headers.get('x-request-id')).toBe('mine-1');
      for (const name of HEADERS) expect([name, headers.get(name)]).toEqual([name, expect.any(String)]);
      expect((await ask(path)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('is asked about other origins itself, whatever origins the service lets in', async () => {
    const own = await preflight('/auth/login', OURS);
    expect([own.status, own.headers.get('access-control-allow-credentials')]).toEqual([204, 'true']);
    for (const path of ['/oauth/token', '/.well-known/openid-configuration']) {
      const reply = await preflight(path, OURS);
      expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
      const asked = await ask(path, { origin: OURS });
      expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('leaves to the service what is not its own', async () => {
    for (const path of ['/.well-known/jwks.json', '/oauthority', '/auth/login', '/oauth/interaction/x']) {
      const reply = await preflight(path, OURS);
      expect([path, reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([path, 204, OURS]);
    }
  });

  it('is measured by the names of its routes, and by none that a client chooses', async () => {
    await ask('/oauth/token', {}, 'POST');
    await ask('/oauth/made-up-0001');
    await ask('/oauth/token', {}, 'BREW').catch(() => undefined);
    const times = RequestTimes.of(app.app.get(HttpAdapterHost));
    const routes = times.metricValues().map(({ labels }) => `${labels.method} ${labels.route}`);
    expect(routes).toEqual(
      expect.arrayContaining(['POST /oauth/token', 'GET /.well-known/openid-configuration', 'any unknown']),
    );
    expect(routes.join()).not.toMatch(/made-up|BREW/);
  });
});

it('is nothing while the strategy is off: preflights are the service’s', async () => {
  const app = await bootService({ authStrategies: ['session'], corsOrigins: [OURS] });
  const headers = { origin: OURS, 'access-control-request-method': 'POST' };
  const reply = await fetch(`${app.url}/oauth/token`, { method: 'OPTIONS', headers });
  expect([reply.status, reply.headers.get('access-control-allow-credentials')]).toEqual([204, 'true']);
  await app.close();
});
