import { createClient, routes } from '../../src/client/client.js';
import { body } from '../../src/client/tokens/tokens.js';

const tokensOf = (name: string) => ({
  accessToken: `access of ${name}`,
  refreshToken: `refresh of ${name}`,
  tokenType: 'Bearer',
  expiresIn: 900,
  refreshExpiresIn: 90_000,
});
const replyOf = (name: string) => ({
  ...tokensOf(name),
  status: 'authenticated',
  user: { id: name },
  session: { id: `session of ${name}` },
});

/** A signed-in client with tokens in a storage, of a service that answers as it is told. What is asked: route, token, body. */
async function signedIn(answer: (route: string, token: string | null) => Response) {
  const asked: [route: string, token: string | null, body: unknown][] = [];
  let kept: string | null = JSON.stringify(tokensOf('ada'));
  const storage = {
    read: () => kept,
    write(value: string | null) {
      kept = value;
    },
  };
  const client = createClient({
    baseUrl: 'https://auth.example.com',
    transport: body({ storage }),
    fetch: async (input, init) => {
      const route = `${init!.method} ${new URL(String(input)).pathname}`;
      const token = new Headers(init!.headers).get('authorization');
      asked.push([route, token, init!.body && JSON.parse(String(init!.body))]);
      if (route === 'POST /auth/refresh') return Response.json(tokensOf('ada anew'));
      const { user, session } = replyOf(/of (\w+)/.exec(`${token}`)?.[1] ?? '');
      if (route === 'GET /auth/me') return Response.json({ user, session });
      return answer(route, token);
    },
  });
  await client.session.check();
  asked.length = 0;
  return { client, asked, kept: () => JSON.parse(kept!) };
}

describe('what gives a session other tokens', () => {
  it('is asked for with the token of before, and taken out of the reply whatever its status', async () => {
    const { client, asked, kept } = await signedIn(() =>
      Response.json({ id: 'p1', name: 'Phone', ...tokensOf('ada with a passkey') }, { status: 201 }),
    );
    const { data } = await routes(client).post('/auth/factors/passkeys', { body: { credential: {} } });
    expect(asked[0]).toEqual(['POST /auth/factors/passkeys', 'Bearer access of ada anew', { credential: {} }]);
    expect(data).toEqual({ id: 'p1', name: 'Phone', expiresIn: 900, refreshExpiresIn: 90_000 });
    expect(kept()).toMatchObject({ accessToken: 'access of ada with a passkey' });
  });

  it('begins another session in the same way of travelling: an admin acts as a user', async () => {
    const { client, asked, kept } = await signedIn(() => Response.json(replyOf('grace')));
    const { data } = await routes(client).post('/admin/users/{id}/impersonate', { path: { id: 'grace' }, body: {} });
    expect(asked[0]).toEqual([
      'POST /admin/users/grace/impersonate',
      'Bearer access of ada anew',
      { strategy: 'jwt', transport: 'body' },
    ]);
    expect(JSON.stringify(data)).not.toContain('access of');
    expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-in', user: { id: 'grace' } });
    expect(kept()).toMatchObject({ accessToken: 'access of grace' });
  });

  it('waits for nobody when its own token has to be renewed first', async () => {
    let isExpired = true;
    const { client, asked } = await signedIn((route) => {
      if (route !== 'POST /auth/step-up' || !isExpired) return Response.json(replyOf('ada'));
      isExpired = false;
      return Response.json({ code: 'token_expired' }, { status: 401 });
    });
    const outcomes = await Promise.all([
      client.stepUp({ code: 'step_up_required' } as never, { password: 'secret' }),
      client.stepUp({ code: 'step_up_required' } as never, { password: 'secret' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['authenticated', 'authenticated']);
    const routes = asked.map(([route]) => route);
    expect(routes.slice(0, 3)).toEqual(['POST /auth/step-up', 'POST /auth/refresh', 'POST /auth/step-up']);
    // One after the other: the second with the tokens that the first was given.
    expect(asked.filter(([route]) => route === 'POST /auth/step-up').at(-1)![1]).toBe('Bearer access of ada');
  });
});
