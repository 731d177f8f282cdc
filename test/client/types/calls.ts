import { createClient, routes } from '../../../dist/src/client/client.js';
import { passkeys } from '../../../dist/src/client/passkeys/passkeys.js';
import { body, cookie, split } from '../../../dist/src/client/tokens/tokens.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>(): T | undefined => undefined;

/** Compiled, never run: what is wrong says so by not compiling. */
export async function calls(): Promise<void> {
  const client = createClient({ baseUrl: 'https://auth.example.com', transport: split() });
  createClient({ baseUrl: '/', transport: cookie() });
  createClient({ baseUrl: '/', transport: body({ storage: { read: () => null, write: async () => {} } }) });
  // @ts-expect-error where tokens are kept is for the application to say
  createClient({ baseUrl: '/', transport: body() });
  // @ts-expect-error transports are imported, so that a bundler drops the others
  createClient({ baseUrl: '/', transport: 'split' });

  const { get, post, patch, delete: remove } = routes(client);
  const sessions = await get('/auth/sessions');
  if (sessions.problem) {
    const { code } = sessions.problem;
    is<
      Equal<
        Extract<typeof code, 'session_ended' | 'unreachable' | 'invalid_credentials'>,
        'session_ended' | 'unreachable'
      >
    >();
    // @ts-expect-error reading sessions never refuses a password
    if (code === 'invalid_credentials') throw sessions.problem;
  } else {
    is<Equal<(typeof sessions.data.sessions)[number]['id'], string>>();
    // @ts-expect-error a session has no such field
    sessions.data.sessions[0]?.secret;
  }
  await get('/auth/sessions', { query: { limit: '10' } });
  // @ts-expect-error no such parameter
  await get('/auth/sessions', { query: { page: '2' } });
  await remove('/auth/sessions/{id}', { path: { id: 'x' } });
  // @ts-expect-error which one has to be said
  await remove('/auth/sessions/{id}');
  // @ts-expect-error no such route
  await get('/auth/nothing');
  // @ts-expect-error that one is read, not written
  await post('/auth/sessions');
  await patch('/auth/me', { body: { name: 'Ada' } });
  // @ts-expect-error the name is text
  await patch('/auth/me', { body: { name: 1 } });
  // @ts-expect-error a password is due
  await client.login({ email: 'ada@example.com' });

  const outcome = await client.login({ email: 'ada@example.com', password: 'x' });
  is<Equal<typeof outcome.status, 'authenticated' | 'factor_required' | 'enrolment_required' | 'problem'>>();
  if (outcome.status === 'authenticated') {
    is<Equal<typeof outcome.user.email, string | null>>();
    // @ts-expect-error tokens never reach the page
    outcome.accessToken;
  }
  if (outcome.status === 'factor_required')
    await client.loginFactor({ loginToken: outcome.loginToken, factor: 'totp', code: '1' });
  const { status, user } = client.session.getSnapshot();
  // @ts-expect-error there may be no user signed in
  user.id;
  is<Equal<typeof status, 'unknown' | 'signed-out' | 'signed-in' | 'unavailable'>>();
  const registered = await passkeys(client).register('Key ring');
  is<Equal<typeof registered.status, 'registered' | 'declined' | 'problem'>>();
}
