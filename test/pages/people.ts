import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Options } from '../../src/config/options.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { FederatedIdentityEntity } from '../../src/factors/federated/identities/federated-identity.entity.js';
import { OAuthConsents } from '../../src/oauth/grants/oauth-consents.js';
import { OAuthGrants } from '../../src/oauth/grants/oauth-grants.js';
import { isOAuthOn } from '../../src/oauth/oauth-options.js';
import { type ActingUser, SoftwareAuthenticator } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { setUpTotp } from '../flows/authenticator-app.js';
import type { PagesUnderTest } from './boot-pages.js';
import type { Who } from './visits.js';

const PASSWORD = 'an engine weaves algebra';

/** What must be shown as the text that it is, wherever somebody may write something. Each is refused by the policy besides, and so is noticed. */
export const ODD_TEXTS = [
  `"><img src=/odd-image onerror=alert(1)>`,
  `</title></textarea></script><script>alert(2)</script>`,
  `' onfocus=alert(3) autofocus x='<svg onload=alert(4)>`,
  `javascript:alert(5)//{{7*7}}<%= 7*7 %>`,
  // One word of that length has no place to break at.
  `${'W'.repeat(90)}`,
] as const;

/** Who looks, and what stands in paths for what they have. */
export interface People {
  readonly by: Readonly<Record<Exclude<Who, 'nobody'>, ActingUser>>;
  readonly ids: Readonly<Record<string, string>>;
}

/** Users as the pages need them: one with nothing, one with everything and odd texts in all of it, an admin. */
export async function settle(pages: PagesUnderTest): Promise<People> {
  const { app } = pages;
  const fresh = await app.logIn({ password: PASSWORD, strategy: 'session' });
  const full = await app.logIn({ password: PASSWORD, strategy: 'session', name: ODD_TEXTS[0] });
  for (const userAgent of ODD_TEXTS) {
    const client = app.client({ 'user-agent': `Mozilla/5.0 (X11; Linux x86_64) ${userAgent}` });
    await ok(client.post('/auth/login', { email: full.email, password: PASSWORD, strategy: 'session' }));
    await client.post('/auth/login', { email: full.email, password: 'wrong password here' });
  }
  const apiKeys: string[] = [];
  for (const name of ODD_TEXTS) apiKeys.push((await ok(full.post('/auth/api-keys', { name, scopes: [] }))).id);
  const phone = new SoftwareAuthenticator({ origin: pages.url });
  const options = await ok(full.post('/auth/factors/passkeys/options', { password: PASSWORD }));
  const { id: passkey } = await ok(
    full.post('/auth/factors/passkeys', { credential: phone.create(options), name: ODD_TEXTS[1] }),
  );
  await setUpTotp(app, full);

  const admin = await app.actAs({
    strategy: 'session',
    roles: ['admin'],
    amr: ['pwd', 'otp', 'mfa'],
    name: ODD_TEXTS[2],
  });
  const banned = await app.actAs({ strategy: 'session', name: ODD_TEXTS[3] });
  await ok(admin.post(`/admin/users/${banned.userId}/ban`, { reason: ODD_TEXTS[1] }));
  for (const [n, name] of ODD_TEXTS.entries())
    await ok(admin.post('/admin/invitations', { email: `invited-${n}@example.com`, name }));
  const { id: service } = await ok(admin.post('/admin/users', { kind: 'service', name: ODD_TEXTS[0] }));
  const client = await settleClient(pages, admin, full.userId);
  const { connection, identity } = await settleConnection(pages, admin, full.userId);
  return {
    by: { new: fresh, full, admin },
    ids: {
      client,
      connection,
      identity,
      full: full.userId,
      banned: banned.userId,
      service,
      apiKey: apiKeys[0]!,
      passkey,
    },
  };
}

/** A connection with odd texts and domains, by which the user has linked a login. */
async function settleConnection({ app }: PagesUnderTest, admin: ActingUser, userId: string) {
  const { id: connection } = await ok(
    admin.post('/admin/connections', {
      slug: 'w'.repeat(32),
      kind: 'oidc',
      issuer: `https://login.${'w'.repeat(60)}.example.com`,
      clientId: ODD_TEXTS[0].replaceAll(' ', ''),
      clientSecret: 'secret',
      settings: { label: ODD_TEXTS[0], roles: { claim: 'groups', map: { [ODD_TEXTS[1]]: 'editor' } } },
    }),
  );
  const domains = `/admin/connections/${connection}/domains`;
  for (const proof of ['admin', 'dns'])
    await admin.post(domains, { domain: `${proof}-${'w'.repeat(50)}.example`, proof });
  const identity = randomUUID();
  const tables = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const [linkedAt, lastUsedAt] = [app.clock.now(), null];
  const who = { issuer: 'https://login.example.com', subject: ODD_TEXTS[3], emailThen: ODD_TEXTS[4] };
  await tables.manager.insert(FederatedIdentityEntity, {
    ...{ id: identity, userId, connectionId: connection, linkedAt, lastUsedAt },
    ...who,
  });
  return { connection, identity };
}

/** An application with access to the user's account, if there is a provider; returns its id, or nothing. */
async function settleClient({ app }: PagesUnderTest, admin: ActingUser, userId: string): Promise<string> {
  const part = <T>(token: abstract new (...given: never[]) => T) => app.app.get<T>(token as never, { strict: false });
  if (!isOAuthOn(app.app.get(Options, { strict: false }))) return '';
  const api = 'https://api.example.com';
  await ok(
    admin.put(`/admin/resources/${encodeURIComponent(api)}`, {
      name: ODD_TEXTS[1],
      scopes: { 'orders:read': ODD_TEXTS[0] },
    }),
  );
  const { client } = await ok(
    admin.post('/admin/clients', {
      name: ODD_TEXTS[0],
      type: 'confidential',
      redirectUris: ['https://app.example.com/callback'],
      resources: [api],
      scopes: ['orders:read'],
    }),
  );
  const scopes = { openid: ['openid', 'email', 'offline_access'], [api]: ['orders:read'] };
  const user = { id: userId, sessionEpoch: (await part(UserStore).find(userId))!.sessionEpoch };
  await part(OAuthConsents).give(user, client.id, scopes);
  const payload = { openid: { scope: scopes.openid.join(' ') }, resources: { [api]: 'orders:read' } };
  await part(OAuthGrants).create({ clientId: client.id, user, sessionId: null, payload, needsConsent: true });
  return client.id;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the route answers
async function ok(reply: Promise<{ status: number; text: string; body: any }>): Promise<any> {
  const { status, text, body } = await reply;
  if (status >= 300) throw new Error(`${status}: ${text}`);
  return body;
}
