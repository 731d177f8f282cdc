import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { standInAddress } from '../../src/kernel/stand-in-address.js';
import type { AuthTestApp, TestReply } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { SmtpSink } from '../mail/smtp-sink.js';
import { heldBack } from './held-back.js';
import { expected, freshAddress } from './holder.js';

const FIRST = 'an engine weaves algebra';
const OWN = 'chosen by the mailbox owner';
const STRANGE = 'planted by some stranger';
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

describe('a link to a mailbox that has had the account', () => {
  let app: AuthTestApp;
  let sink: SmtpSink;
  const refused = new Set<string>();
  beforeAll(async () => {
    sink = new SmtpSink();
    await sink.listen({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, done) =>
        refused.has(address) ? done(Object.assign(new Error('later'), { responseCode: 451 })) : done(),
    });
    app = await bootService({ authStrategies: ['session'], mailUrl: `smtp://127.0.0.1:${sink.port}` });
  });
  afterAll(async () => {
    await app.close();
    await sink.close();
  });

  const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const post = (path: string, body: object) => app.client().post(path, body);
  const newest = async (to: string) => {
    await app.mails();
    const mail = sink.mails[sink.receivers.lastIndexOf(to)];
    return { subject: mail?.subject, token: /token=([\w.-]+)/.exec(mail?.text ?? '')?.[1] };
  };
  const register = async (email: string, password: string) => {
    await expected(202, post('/auth/register', { email, password }));
    await expected(204, post('/auth/email/verify', { token: (await newest(email)).token }));
  };
  const undo = (token: string | undefined) => post('/auth/email/change/undo', { token });
  const tokensOf = (userId: string) =>
    database().query(
      `SELECT 1 FROM coatcheck.mailed_tokens WHERE user_id = $1 AND purpose = 'password-reset' AND consumed_at IS NULL`,
      [userId],
    );

  it.each([
    ['is mailed late, if nobody else has taken the account back', false],
    ['is not mailed any more once the owner has taken it back, both at stand-in addresses', true],
  ])('H-4: to choose a password after an undo, %s', async (_what, isRecovered) => {
    const [home, stolen, next] = [freshAddress(), freshAddress(), freshAddress()];
    await register(home, FIRST);
    const thief = await app.logInAgain({ email: home, password: FIRST });
    const move = async (from: string, to: string) => {
      await expected(202, thief.post('/auth/email/change', { email: to, password: FIRST }));
      await expected(204, post('/auth/email/change/confirm', { token: (await newest(to)).token }));
      app.clock.advance(60);
      return (await newest(from)).token;
    };
    const ownersWay = await move(home, stolen);
    const thiefsWay = await move(stolen, next);
    // Both addresses are proven users' by now: the owner has begun anew, and the thief has another account.
    await register(home, OWN);
    await register(stolen, STRANGE);
    refused.add(stolen);
    await expected(204, undo(thiefsWay));
    await app.mails();
    if (isRecovered) {
      await expected(204, undo(ownersWay));
      expect((await newest(home)).subject).toContain('is yours again');
      await expected(204, post('/auth/password/reset', { token: (await newest(home)).token, password: OWN }));
    }
    const before = sink.receivers.filter((to) => to === stolen).length;
    // Now the server takes what it was offered before.
    refused.clear();
    app.clock.advance(60);
    const { token } = await newest(stolen);
    expect(sink.receivers.filter((to) => to === stolen)).toHaveLength(before + (isRecovered ? 0 : 1));
    const reset = told(await post('/auth/password/reset', { token, password: STRANGE }));
    expect(reset).toBe(isRecovered ? '400 invalid_token' : 204);
    expect(await database().query(`SELECT 1 FROM coatcheck.mail_jobs WHERE kind = 'account-taken-back'`)).toEqual([]);
  });

  it('M-13: to choose a password is not made for a mailbox that was looked up before the account left it', async () => {
    const email = freshAddress();
    const { userId } = await app.logInAgain(await registered(email));
    const locked = `SELECT 1 FROM coatcheck.users WHERE id = '${userId}' FOR UPDATE`;
    const ask = async () => {
      await expected(202, post('/auth/password/forgot', { email }));
      await app.mails();
    };
    await heldBack(database(), locked, ask, (holder) =>
      holder.query('UPDATE coatcheck.users SET email = $2 WHERE id = $1', [userId, standInAddress()]),
    );
    expect((await newest(email)).subject).not.toContain('Reset');
    expect(await tokensOf(userId)).toEqual([]);
  });

  it('M-13: that says "this was not me" goes to none that the account has left while a login was under way', async () => {
    const [home, stolen] = [freshAddress(), freshAddress()];
    await register(home, FIRST);
    const thief = await app.logInAgain({ email: home, password: FIRST });
    app.clock.advance(60);
    await expected(202, thief.post('/auth/email/change', { email: stolen, password: FIRST }));
    await expected(204, post('/auth/email/change/confirm', { token: (await newest(stolen)).token }));
    const way = (await newest(home)).token;
    // So that the account is taken back to a stand-in, from which every mailbox it had is its own.
    await register(home, OWN);
    const before = (await sentTo(stolen)).length;
    await heldBack(
      database(),
      'LOCK TABLE coatcheck.device_history IN ACCESS EXCLUSIVE MODE',
      () => expected(200, post('/auth/login', { email: stolen, password: FIRST })),
      () => expected(204, undo(way)),
    );
    const links = (await sentTo(stolen)).slice(before);
    for (const token of links) expect(told(await post('/auth/security/not-me', { token }))).toBe('400 invalid_token');
    expect((await newest(stolen)).subject).not.toContain('is yours again');
  });

  const sentTo = async (email: string) => {
    await app.mails();
    return sink.mails
      .filter((_mail, at) => sink.receivers[at] === email)
      .flatMap(({ text }) => /token=([\w.-]+)/.exec(text ?? '')?.[1] ?? []);
  };
  const registered = async (email: string) => {
    await register(email, FIRST);
    return { email, password: FIRST };
  };
});
