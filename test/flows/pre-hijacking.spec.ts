import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { MailQueue } from '../../src/mail/mail-queue.js';
import { Outbox } from '../../src/mail/outbox.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from './combinations.js';

const VICTIM = 'victim@example.com';
const ATTACK = { email: VICTIM, password: 'planted by an attacker' };
const OWN = { email: VICTIM, password: 'chosen by the owner' };

describe.each(['session', 'jwt'] as const)('what was planted before the mailbox was proven, by %s', (strategy) => {
  let app: AuthTestApp;
  beforeEach(async () => {
    app = await bootService({ emailVerification: 'optional', authStrategies: [strategy] });
  });
  afterEach(() => app.close());

  const register = (body: object) => app.client().post('/auth/register', body);
  const verify = (token: string) => app.client().post('/auth/email/verify', { token });
  const logIn = async (body: object) => (await app.client().post('/auth/login', body)).status;
  const tokens = async () =>
    (await app.mails(VICTIM)).flatMap(({ text }) => /token=([\w.-]+)/.exec(text)?.[1] ?? []).reverse();
  const reset = (token: string) => app.client().post('/auth/password/reset', { token, password: OWN.password });
  const planted = async () => {
    await register(ATTACK);
    const attacker = await app.logInAgain({ ...ATTACK, transport: 'body' });
    expect((await attacker.get('/auth/me')).status).toBe(200);
    // Mails posted at the same time may arrive in any order, and the tests tell them apart by it.
    await app.mails(VICTIM);
    return attacker;
  };

  it.each(['the attacker’s link', 'another link'])(
    'ends when the owner follows %s: no password is right until they choose one',
    async (which) => {
      const attacker = await planted();
      await register({ ...OWN, name: 'Ada' });
      if (which === 'another link') await app.client().post('/auth/email/verification', { email: VICTIM });
      const { body } = await verify((await tokens()).at(-1)!);
      expect(body.status).toBe('password_required');
      expect((await attacker.get('/auth/me')).body.code).toBe('session_ended');
      for (const given of [ATTACK, OWN]) expect(await logIn(given)).toBe(401);
      expect((await reset(body.resetToken)).status).toBe(204);
      expect(await logIn(ATTACK)).toBe(401);
      expect(await logIn(OWN)).toBe(200);
      for (const token of await tokens()) expect((await verify(token)).body.code).toBe('invalid_token');
    },
  );

  it('ends when the owner, who never registered, asks for a new password', async () => {
    const attacker = await planted();
    const [link] = await tokens();
    await app.client().post('/auth/password/forgot', { email: VICTIM });
    expect((await reset(await app.mailedToken(VICTIM))).status).toBe(204);
    expect((await attacker.get('/auth/me')).body.code).toBe('session_ended');
    expect(await logIn(ATTACK)).toBe(401);
    const { body } = await app.client().post('/auth/login', OWN);
    expect(body.user).toMatchObject({ email: VICTIM, emailVerified: true, name: null });
    expect((await verify(link!)).body.code).toBe('invalid_token');
    expect(await logIn(OWN)).toBe(200);
  });

  it('ends together with a login that is under way while the owner proves it', async () => {
    await register(ATTACK);
    const [link] = await tokens();
    const logins = () =>
      Array.from({ length: 6 }, () =>
        app.client().post('/auth/login', { ...ATTACK, strategy, transport: strategy === 'jwt' ? 'body' : undefined }),
      );
    const before = logins();
    await app.client().post('/auth/password/forgot', { email: VICTIM });
    // By its page: the logins under way are told by mail too, with links of their own.
    const [mail] = (await app.mails(VICTIM)).filter(({ text }) => text.includes('/auth/password/reset?token='));
    const token = /reset\?token=([\w.-]+)/.exec(mail!.text)![1]!;
    const resetting = reset(token);
    const replies = await Promise.all([...before, ...logins()]);
    expect((await resetting).status).toBe(204);
    for (const { status, body, setCookies } of replies) {
      const cookie = setCookies.map((line) => line.split(';')[0]).join('; ');
      const ticket: Record<string, string> = body.accessToken
        ? { authorization: `Bearer ${body.accessToken}` }
        : { cookie };
      if (status === 200) expect((await app.client(ticket).get('/auth/me')).status).toBe(401);
    }
    expect((await verify(link!)).status).toBe(400);
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
    await app.app.get(MailQueue, { strict: false }).beforeApplicationShutdown();
    await app.client().post('/auth/register', attack);
    await app.client().post('/auth/email/verification', { email: victim });
    expect((await verify(token)).body.status).toBe('password_required');
    const before = app.app.get(Outbox, { strict: false }).list().length;
    const second = await bootService({ authStrategies: ['session'], databaseUrl: urlOf(database) });
    await database.query("UPDATE coatcheck.mail_jobs SET claimed_until = '-infinity'");
    expect(await second.mails()).toEqual([]);
    await second.close();
    expect(app.app.get(Outbox, { strict: false }).list()).toHaveLength(before);
    expect(await database.query('SELECT count(*)::int FROM coatcheck.registrations')).toEqual([{ count: 0 }]);
    for (const given of [attack, own]) expect((await logIn(given)).code).toBe('invalid_credentials');
  });

  it('says in each mail when it was registered', async () => {
    await app.client().post('/auth/register', own);
    const [mail] = await app.mails(victim);
    const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(app.clock.now());
    expect(mail!.text).toContain(day);
  });

  it('leaves a user who registers again able to log in, with the old and no new password', async () => {
    await app.register(own);
    await app.client().post('/auth/register', own);
    await app.client().post('/auth/register', attack);
    expect((await logIn(own)).status).toBe('authenticated');
    expect((await logIn(attack)).code).toBe('invalid_credentials');
    expect((await app.mails(victim)).map(({ subject }) => subject).slice(0, 2)).toEqual(
      Array(2).fill('You already have an account'),
    );
  });
});

function urlOf({ options }: DataSource): string {
  return (options as { url: string }).url;
}
