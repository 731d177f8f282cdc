import { EffectiveSecurityTable, STRICTER_SECURITY_EVENTS } from '../../src/security/effective-security-table.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { setUpTotp } from '../flows/authenticator-app.js';
import { bootService } from '../flows/combinations.js';
import { expected, freshAddress, SCOPE } from './holder.js';

/** What `docs/design/security-events.md` offers to teams that would rather lose an owner's things than keep a thief's. */
const ALL = { apiKeys: 'all', factors: 'all' } as const;
const OFFERED = { email_change_undone: ALL, not_me: ALL, password_reset: ALL, email_changed_by_admin: ALL };

describe('what a team can do about ways in that stay by decision', () => {
  it('is a table that is taken', () => {
    const table = new EffectiveSecurityTable(OFFERED);
    for (const event of Object.keys(OFFERED)) expect(table.rowOf(event as keyof typeof OFFERED)).toMatchObject(ALL);
  });

  it.each([
    ['end with an admin’s change of the address, where the team says so', OFFERED, 401, 'authenticated'],
    ['live otherwise', {}, 200, 'factor_required'],
  ])('key and authenticator app %s', async (_what, useValue, keyIs, loginIs) => {
    const options = { authStrategies: ['session', 'api-key'], apiKeyScopes: [SCOPE], apiKeyFreshSeconds: 3600 };
    const app: AuthTestApp = await bootService(options, [{ provide: STRICTER_SECURITY_EVENTS, useValue }]);
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const stranger = await app.logIn();
    await setUpTotp(app, stranger);
    const { apiKey } = await expected(201, stranger.post('/auth/api-keys', { name: 'a key', scopes: [SCOPE] }));
    const email = freshAddress();
    const change = { email, emailVerified: true };
    await expected(200, admin.request('PATCH', `/admin/users/${stranger.userId}`, change));
    expect((await app.client({ 'x-api-key': apiKey }).get('/example/scoped')).status).toBe(keyIs);
    const { password } = stranger;
    const { status } = await expected(200, app.client().post('/auth/login', { email, password }));
    expect(status).toBe(loginIs);
    await app.close();
  });
});
