import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Courier } from '../../src/mail/courier.js';
import { Outbox } from '../../src/mail/outbox.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from './combinations.js';

describe('sessions from before the mailbox was proven', () => {
  it.each(['session', 'jwt'] as const)('end when its owner proves it (%s)', async (strategy) => {
    const app = await bootService({ emailVerification: 'optional', authStrategies: [strategy] });
    const victim = 'victim@example.com';
    const attack = { email: victim, password: 'planted by an attacker' };
    await app.client().post('/auth/register', attack);
    const attacker = await app.logInAgain({ ...attack, transport: 'body' });
    expect((await attacker.get('/auth/me')).status).toBe(200);

    const own = { email: victim, password: 'chosen by the owner' };
    await app.client().post('/auth/register', own);
    const token = await app.mailedToken(victim);
    expect((await app.client().post('/auth/email/verify', { token })).status).toBe(204);

    expect((await attacker.get('/auth/me')).body.code).toBe('session_ended');
    expect((await app.client().post('/auth/login', attack)).status).toBe(401);
    expect((await app.client().post('/auth/login', own)).status).toBe(200);
    await app.close();
  });
});

describe('what others registered before the mailbox was proven', () => {
  const victim = 'victim@example.com';
  const attack = { email: victim, password: 'planted by an attacker' };
  const own = { email: victim, password: 'chosen by the owner' };
  let app: AuthTestApp;
  let database: DataSource;
  beforeEach(async () => {
    app = await bootService({ authStrategies: ['session'] });
    database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  });
  afterEach(() => app.close());
  const verify = (token: string) => app.client().post('/auth/email/verify', { token });
  const logIn = async (given: object) => (await app.client().post('/auth/login', given)).body;

  it('dies with its links, and a mail of it that is still to be sent never leaves', async () => {
    await app.client().post('/auth/register', own);
    const token = await app.mailedToken(victim);
    // Held back, as if the mail server were down.
    await app.app.get(Courier, { strict: false }).beforeApplicationShutdown();
    await app.client().post('/auth/register', attack);
    await app.client().post('/auth/email/verification', { email: victim });
    expect((await verify(token)).status).toBe(204);
    const before = app.app.get(Outbox, { strict: false }).list().length;
    const second = await bootService({ authStrategies: ['session'], databaseUrl: urlOf(database) });
    await database.query("UPDATE mail_errands SET claimed_until = '-infinity'");
    expect(await second.mails()).toEqual([]);
    await second.close();
    expect(app.app.get(Outbox, { strict: false }).list()).toHaveLength(before);
    expect(await database.query('SELECT count(*)::int FROM registrations')).toEqual([{ count: 0 }]);
    expect((await logIn(attack)).code).toBe('invalid_credentials');
    expect((await logIn(own)).status).toBe('authenticated');
  });

  it('tells each by its own password that the address is unverified, and installs none', async () => {
    await app.client().post('/auth/register', attack);
    await app.client().post('/auth/register', own);
    expect((await logIn(attack)).code).toBe('email_unverified');
    expect((await logIn(own)).code).toBe('email_unverified');
    expect((await logIn({ ...own, password: 'neither of the two' })).code).toBe('invalid_credentials');
    const token = await app.mailedToken(victim);
    expect((await verify(token)).status).toBe(204);
    expect((await logIn(own)).status).toBe('authenticated');
    expect((await logIn(attack)).code).toBe('invalid_credentials');
  });

  it('says in each mail when it was registered, and links again end the older link of the same one', async () => {
    await app.client().post('/auth/register', own);
    const older = await app.mailedToken(victim);
    const [mail] = await app.mails(victim);
    const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(app.clock.now());
    expect(mail!.text).toContain(day);
    await app.client().post('/auth/email/verification', { email: victim });
    const newer = await app.mailedToken(victim);
    expect((await verify(older)).body.code).toBe('invalid_token');
    expect((await verify(newer)).status).toBe(204);
    expect((await logIn(own)).status).toBe('authenticated');
  });

  it('leaves a user who registers again able to log in, with the old and no new password', async () => {
    await app.register(own);
    await app.client().post('/auth/register', own);
    await app.client().post('/auth/register', attack);
    expect((await logIn(own)).status).toBe('authenticated');
    expect((await logIn(attack)).code).toBe('email_unverified');
    expect((await app.mails(victim)).map(({ subject }) => subject).slice(0, 2)).toEqual(
      Array(2).fill('You already have an account'),
    );
  });
});

function urlOf({ options }: DataSource): string {
  return (options as { url: string }).url;
}
