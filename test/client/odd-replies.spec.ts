import { createClient, routes } from '../../src/client/client.js';

const baseUrl = 'https://auth.example.com';
const ME = { user: { id: 'u1', email: 'ada@example.com' }, session: { id: 's1' } };

/** A client of a service that answers what it is told to, and the paths that were asked of it. */
function clientOf(answer: (route: string) => Response) {
  const asked: string[] = [];
  const client = createClient({
    baseUrl,
    fetch: async (input, init) => {
      const { pathname, search } = new URL(String(input));
      asked.push(`${init?.method} ${pathname}${search}`);
      return answer(asked.at(-1)!);
    },
  });
  return { client, asked };
}

describe('a reply that is not the service’s', () => {
  it.each([
    ['nothing', () => new Response(null, { status: 204 })],
    ['not changed', () => new Response(null, { status: 304 })],
    ['a page', () => new Response('<html>Sign in to this network</html>')],
    ['null', () => Response.json(null)],
    ['something else', () => Response.json({ status: 'ok' })],
    ['a user without a session', () => Response.json({ user: ME.user })],
    ['a problem without a code', () => Response.json({ error: 'blocked' }, { status: 403 })],
  ])('signs no user in and none out: %s', async (_name, odd) => {
    let isOdd = true;
    const { client } = clientOf(() => (isOdd ? odd() : Response.json(ME)));
    expect(await client.session.check()).toMatchObject({ status: 'unavailable', user: null });
    isOdd = false;
    expect(await client.session.check()).toMatchObject({ status: 'signed-in', user: { id: 'u1' } });
    isOdd = true;
    expect(await client.session.check()).toMatchObject({ status: 'unavailable', user: { id: 'u1' } });
  });

  it.each([
    ['nothing', () => new Response(null, { status: 204 })],
    ['a page', () => new Response('<html>Sign in to this network</html>')],
  ])('is no list of sessions: %s', async (_name, odd) => {
    const { client } = clientOf(odd);
    expect(await routes(client).get('/auth/sessions')).toMatchObject({ problem: { code: 'unreachable', status: 0 } });
  });

  it.each(['-5', '0', '99999999999', 'Wed, 21 Oct 2099 07:28:00 GMT', 'soon'])(
    'does not have a logout told again and again: Retry-After %s',
    async (retryAfter) => {
      const { client, asked } = clientOf(() =>
        Response.json({ code: 'unavailable' }, { status: 503, headers: { 'retry-after': retryAfter } }),
      );
      // As on a page, where there are timers.
      jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
      const { addEventListener } = globalThis as { addEventListener?: unknown };
      Object.assign(globalThis, { addEventListener: () => undefined });
      try {
        expect(await client.logout()).toEqual({ status: 'pending' });
        await jest.advanceTimersByTimeAsync(60_000);
        expect(asked.length).toBeGreaterThan(0);
        expect(asked.length).toBeLessThan(8);
      } finally {
        client.dispose();
        jest.useRealTimers();
        Object.assign(globalThis, { addEventListener });
      }
    },
  );
});

describe('a value in a path', () => {
  it.each([
    ['..', '~..'],
    ['.', '~.'],
    ['', '~'],
    ['../../admin/users', '..%2F..%2Fadmin%2Fusers'],
    ['%2e%2e', '%252e%252e'],
    ['a?b#c', 'a%3Fb%23c'],
    ['...', '~...'],
  ])('names no other route: %p', async (id, sent) => {
    const { client, asked } = clientOf(() => new Response(null, { status: 204 }));
    await routes(client).delete('/auth/sessions/{id}', { path: { id } });
    expect(asked).toEqual([`DELETE /auth/sessions/${sent}`]);
  });
});

it('what begins with a slash is asked of the origin of baseUrl, what does not below it', async () => {
  const { client, asked } = clientOf(() => Response.json({}));
  const below = createClient({
    baseUrl: `${baseUrl}/id/`,
    fetch: async (input) => {
      asked.push(String(input));
      return Response.json({});
    },
  });
  await client.fetch('/x');
  await below.fetch('/x');
  await routes(below).get('/auth/sessions');
  expect(asked).toEqual(['undefined /x', `${baseUrl}/x`, `${baseUrl}/id/auth/sessions`]);
});
