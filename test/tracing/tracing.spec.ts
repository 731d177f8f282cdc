import type { Type } from '@nestjs/common';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { AuthGuard } from '../../src/access/auth.guard.js';
import { ServiceUsers } from '../../src/admin/service-users.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { spanDescriptionsOf } from '../../src/features.js';
import { MailQueue } from '../../src/mail/mail-queue.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { ExampleController } from '../../src/service/example.controller.js';
import { type AuthTestApp, bootAuthApp, type TestUser } from '../../src/testing/index.js';
import { OUTCOME_ATTRIBUTES } from '../../src/tracing/span-outcome.js';
import { basic } from '../oauth/oauth-node.js';
import { BY_NOBODY } from '../oauth/setting.js';
import { HERE } from '../oauth/signed-tokens.js';
import { RecordedSpans, traceRequests } from './recorded-spans.js';

const recorded = new RecordedSpans();
const ERROR = 2;
afterAll(() => recorded.end());

/** The span of the only request to a path, once it has ended. */
async function requestTo(path: string): Promise<ReadableSpan> {
  for (;;) {
    const found = recorded.all.find(({ name }) => name.endsWith(` ${path}`));
    if (found) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Names of what is within a request. */
async function partsOf(path: string): Promise<string[]> {
  return recorded.within(await requestTo(path)).map(({ name }) => name);
}

/** Whatever a client holds of a login. */
function ticketsOf({ accessToken, refreshToken, sessionId, headers }: TestUser): string[] {
  const cookies = (headers.cookie ?? '').split('; ').map((cookie) => cookie.slice(cookie.indexOf('=') + 1));
  return [accessToken, refreshToken, sessionId, ...cookies].filter(
    (one) => one !== undefined && one !== '',
  ) as string[];
}

describe.each(['express', 'fastify'] as const)('traces on %s', (adapter) => {
  let app: AuthTestApp;
  let ada: TestUser;
  const secrets: string[] = [];
  const told: string[] = [];
  beforeAll(async () => {
    const options = {
      authStrategies: ['session', 'jwt', 'api-key', 'oauth'],
      oauthInteractionUrl: 'https://app.example.com/interaction',
      passwordPeppers: [`2026:${'A'.repeat(43)}`],
    };
    const controllers = [ExampleController];
    app = await bootAuthApp({ adapter, options, controllers, configure: traceRequests });
    ada = await app.logIn({ strategy: 'session' });
    secrets.push(ada.email, ada.password, ada.userId);
  });
  beforeEach(async () => {
    await app.app.get(MailQueue).settled();
    recorded.forget();
  });
  afterEach(() => void told.push(recorded.text));

  it.each(['session', 'jwt'] as const)(
    'show a login by %s: the guard, the statements, the hash, the ticket',
    async (strategy) => {
      const user = await app.logInAgain({ email: ada.email, password: ada.password, strategy, transport: 'body' });
      secrets.push(...ticketsOf(user));
      const request = await requestTo('/auth/login');
      const parts = recorded.within(request);
      expect(parts[0]).toMatchObject({ name: 'coatcheck.guard', attributes: { 'coatcheck.decision': 'public' } });
      const hash = parts.find(({ name }) => name === 'coatcheck.hash')!;
      expect(hash.attributes).toEqual({ 'coatcheck.hash.wait_seconds': expect.any(Number) });
      expect(recorded.within(hash).map(({ attributes }) => attributes)).toEqual([
        { 'coatcheck.hash.operation': 'verify', 'coatcheck.hash.algorithm': 'argon2id' },
      ]);
      const issue = parts.find(({ name }) => name === 'coatcheck.token.issue')!;
      const kid = strategy === 'jwt' ? { 'coatcheck.token.kid': expect.stringMatching(/^[\w-]{43}$/) } : {};
      expect(issue.attributes).toEqual({ 'coatcheck.strategy': strategy, ...kid });
      expect(recorded.tree(issue)).toEqual(
        strategy === 'jwt' ? ['coatcheck.token.issue', 'INSERT refresh_tokens'] : 'coatcheck.token.issue',
      );
      const reading = parts.find(({ name }) => /\bpasswords\b/.test(name))!;
      expect(reading.attributes).toEqual({
        'db.system.name': 'postgresql',
        'db.namespace': expect.stringMatching(/\|coatcheck$/),
        'db.query.summary': reading.name,
      });
      // Each after the one before it: guard, what is known of the user, the hash, the session, its ticket.
      const names = parts.map(({ name }) => name);
      const order = ['coatcheck.guard', reading.name, 'coatcheck.hash', 'coatcheck.token.issue'];
      expect(names.filter((name) => order.includes(name))).toEqual(order);
      expect(names.filter((name) => /start_session/.test(name))).toHaveLength(1);
    },
  );

  it('show a login that fails, which is no fault of the service', async () => {
    await app.client().post('/auth/login', { email: ada.email, password: 'a wrong password indeed' });
    const parts = await partsOf('/auth/login');
    expect(parts).toEqual(expect.arrayContaining(['coatcheck.guard', 'coatcheck.hash']));
    expect(parts).not.toContain('coatcheck.token.issue');
    expect(recorded.all.filter(({ status }) => status.code === ERROR)).toEqual([]);
  });

  it.each(['session', 'jwt'] as const)(
    'show a request by %s: the guard and the ticket, no statement',
    async (strategy) => {
      const user = await app.logInAgain({ email: ada.email, password: ada.password, strategy });
      await user.get('/auth/me');
      await app.app.get(MailQueue).settled();
      recorded.forget();
      await user.get('/auth/me');
      const [guard, ...others] = recorded.within(await requestTo('/auth/me'));
      expect(others).toEqual([]);
      expect(recorded.tree(guard!)).toEqual(['coatcheck.guard', 'coatcheck.token.verify']);
      expect(guard!.attributes).toEqual({ 'coatcheck.decision': 'allowed', 'coatcheck.strategy': strategy });
      const [token] = recorded.within(guard!);
      const kid = strategy === 'jwt' ? { 'coatcheck.token.kid': expect.any(String) } : {};
      expect(token!.attributes).toEqual({ 'coatcheck.strategy': strategy, ...kid });
    },
  );

  it('show a request that is refused, its code and its reason, and no part of its ticket', async () => {
    const ticket = `${Buffer.from('{"alg":"none","kid":"made-up-by-a-client"}').toString('base64url')}.e30.c2ln`;
    secrets.push(ticket, 'made-up-by-a-client');
    await app.client({ authorization: `Bearer ${ticket}` }).get('/auth/me');
    const [guard] = recorded.within(await requestTo('/auth/me'));
    const outcome = { 'coatcheck.code': 'unauthenticated', 'coatcheck.reason': 'invalid_access_token' };
    expect(guard!.attributes).toEqual({ 'coatcheck.decision': 'refused', ...outcome });
    expect(recorded.within(guard!)[0]!.attributes).toEqual({ 'coatcheck.strategy': 'jwt', ...outcome });
    expect(recorded.all.map(({ status }) => status.code)).not.toContain(ERROR);
  });

  it.each([
    ['cross-site', 'sec_fetch_site_cross-site'],
    ['chosen-by-a-client', 'sec_fetch_site_unknown'],
  ])('show a request of another site, %s, by a reason of ours', async (site, reason) => {
    secrets.push('chosen-by-a-client');
    await app.client({ 'sec-fetch-site': site }).post('/auth/logout');
    const [guard] = recorded.within(await requestTo('/auth/logout'));
    expect(guard!.attributes).toMatchObject({ 'coatcheck.code': 'csrf_rejected', 'coatcheck.reason': reason });
  });

  it('show a refresh, and a logout', async () => {
    const user = await app.logInAgain({ email: ada.email, password: ada.password, strategy: 'jwt' });
    await user.post('/auth/refresh');
    const refresh = recorded
      .within(await requestTo('/auth/refresh'))
      .find(({ name }) => name === 'coatcheck.token.refresh')!;
    expect(refresh.attributes).toEqual({ 'coatcheck.token.kid': expect.any(String) });
    expect(recorded.within(refresh).map(({ name }) => name)).toContainEqual(expect.stringMatching(/refresh_tokens/));
    await user.post('/auth/logout');
    expect(await partsOf('/auth/logout')).toContainEqual(expect.stringMatching(/^(SELECT \w+ )*UPDATE sessions/));
  });

  it('show a request by an API key: first with a look at the database, then without', async () => {
    const { body } = await ada.post('/auth/api-keys', { name: 'ci', scopes: [] });
    secrets.push(body.apiKey);
    for (const within of [['coatcheck.token.verify', expect.stringMatching(/api_keys/)], 'coatcheck.token.verify']) {
      recorded.forget();
      await app.client({ 'x-api-key': body.apiKey }).get('/auth/me');
      const [guard] = recorded.within(await requestTo('/auth/me'));
      expect(recorded.tree(recorded.within(guard!)[0]!)).toEqual(within);
      expect(recorded.within(guard!)[0]!.attributes).toEqual({ 'coatcheck.strategy': 'api-key' });
      expect(guard!.attributes).toEqual({ 'coatcheck.decision': 'allowed', 'coatcheck.strategy': 'api-key' });
    }
  });

  it('show a token that an application is given, and one that it is refused', async () => {
    const service = <T>(type: Type<T>) => app.app.get(type, { strict: false });
    const user = await service(ServiceUsers).create({ name: 'nightly job', roles: [] } as never, BY_NOBODY as never);
    const params = {
      name: 'Job',
      type: 'confidential',
      redirectUris: [],
      scopes: ['example:read'],
      resources: [HERE],
    } as const;
    const { client, clientSecret } = await service(OAuthClientAdmin).create(
      { ...params, grantTypes: ['client_credentials'], serviceUserId: user.id },
      BY_NOBODY,
    );
    secrets.push(clientSecret!, client.id);
    for (const [secret, status, by] of [
      [clientSecret!, 200, 'service'],
      ['a wrong secret', 401, 'library'],
    ] as const) {
      recorded.forget();
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: basic({ id: client.id, secret, redirectUri: '' }),
      };
      const fields = new URLSearchParams({ grant_type: 'client_credentials', scope: 'example:read', resource: HERE });
      const { body } = await app.client().request('POST', '/oauth/token', fields.toString(), headers);
      if (body.access_token) secrets.push(body.access_token);
      const [answer] = recorded.within(await requestTo('/oauth/token'));
      const endpoint = { 'coatcheck.oauth.endpoint': '/oauth/token', 'coatcheck.oauth.by': by };
      expect([answer!.name, answer!.attributes]).toEqual([
        'coatcheck.oauth',
        { ...endpoint, 'http.response.status_code': status },
      ]);
    }
  });

  it('show a mail on its own, linked to the request that asked for it', async () => {
    await app.client().post('/auth/password/forgot', { email: ada.email });
    await app.app.get(MailQueue).settled();
    const request = await requestTo('/auth/password/forgot');
    const [mail] = recorded.named('coatcheck.mail');
    expect(mail!.attributes).toEqual({ 'coatcheck.mail.kind': 'password-reset', 'coatcheck.mail.attempt': 1 });
    expect(mail!.parentSpanContext).toBeUndefined();
    expect(mail!.links.map(({ context }) => context.traceId)).toEqual([request.spanContext().traceId]);
    expect(recorded.within(mail!).map(({ name }) => name)).toContain('coatcheck.mail.send');
    secrets.push(await app.mailedToken(ada.email));
  });

  it('have every part in the trace of its request, and no statement on its own', async () => {
    await app.logIn({ strategy: 'jwt' });
    await app.app.get(MailQueue).settled();
    const roots = recorded.all.filter(({ parentSpanContext }) => !parentSpanContext).map(({ name }) => name);
    expect(roots.filter((name) => !/^(GET|POST) \/|^coatcheck\.mail$/.test(name))).toEqual([]);
    const ids = new Set(recorded.all.map((span) => span.spanContext().spanId));
    await requestTo('/auth/login');
    const lost = recorded.all.filter(
      ({ parentSpanContext }) => parentSpanContext && !ids.has(parentSpanContext.spanId),
    );
    expect(lost.filter(({ name }) => name.startsWith('coatcheck'))).toEqual([]);
  });

  it('say what was declared, and nothing of what was sent, stored or mailed', async () => {
    const declared = spanDescriptionsOf();
    const all = told
      .flatMap((text) => JSON.parse(text) as ReadableSpan[])
      .filter(({ name }) => !/^[A-Z]+ \//.test(name));
    expect(all.length).toBeGreaterThan(50);
    for (const { name, attributes } of all) {
      const { attributes: known = {} } = declared.get(name) ?? declared.get('{statement}')!;
      const odd = Object.keys(attributes).filter((one) => !(one in known) && !(one in OUTCOME_ATTRIBUTES));
      expect([name, odd]).toEqual([name, []]);
    }
    const text = JSON.stringify(all);
    expect(secrets.length).toBeGreaterThan(7);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).not.toMatch(/@|password is|\$argon2|\$1/);
  });

  it('are made by no part of an application that has closed', async () => {
    const guard = app.app.get(AuthGuard);
    const dataSource = app.app.get(AUTH_DATA_SOURCE);
    const areTraced = () => [Object.hasOwn(guard, 'canActivate'), Object.hasOwn(dataSource, 'createQueryRunner')];
    expect(areTraced()).toEqual([true, true]);
    await app.close();
    expect(areTraced()).toEqual([false, false]);
  });
});
