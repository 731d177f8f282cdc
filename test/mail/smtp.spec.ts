import type { ParsedMail } from 'mailparser';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { refusal, SmtpSink } from './smtp-sink.js';

const PASSWORD = 'an engine weaves algebra';

describe('mail by a real SMTP server', () => {
  let app: AuthTestApp | undefined;
  let sink: SmtpSink;
  beforeEach(() => {
    sink = new SmtpSink();
  });
  afterEach(async () => {
    await app?.close();
    await sink.close();
    app = undefined;
  });

  const boot = async (mailUrl: string, options: object = {}) => {
    app = await bootService({ mailUrl, authStrategies: ['session'], logLevel: 'error', ...options } as never);
    return app;
  };
  const register = (email = 'ada@example.com', headers = {}) =>
    app!
      .client(headers)
      .post('/auth/register', { email, password: PASSWORD, name: '<b>Ada</b>\r\nBcc: eve@example.org' });
  const settle = () => app!.mails();
  const waiting = async () => {
    const rows = await app!.app
      .get(AUTH_DATA_SOURCE, { strict: false })
      .query('SELECT attempts FROM coatcheck.mail_jobs');
    return rows.map(({ attempts }: { attempts: number }) => attempts);
  };
  const linkIn = ({ text }: ParsedMail) => /http\S+token=[\w.-]+/.exec(text!)![0];

  it('has both parts, one receiver, no live markup of a stranger, and a link that works', async () => {
    await sink.listen({ disabledCommands: ['STARTTLS', 'AUTH'] });
    await boot(`smtp://127.0.0.1:${sink.port}`, { mailFrom: 'Example Login <login@example.org>' });
    const reply = await register('Ada@Example.com', {
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
      'x-original-host': 'evil.example',
    });
    expect(reply.status).toBe(202);
    await settle();
    const [mail] = sink.mails;
    expect(sink.receivers).toEqual(['ada@example.com']);
    expect(mail!.from!.text).toBe('"Example Login" <login@example.org>');
    expect(mail!.subject).toBe('Verify your e-mail address');
    expect(mail!.headers.has('bcc')).toBe(false);
    expect(mail!.headers.get('auto-submitted')).toBe('auto-generated');
    expect(linkIn(mail!)).toMatch(/^http:\/\/localhost:3000\/auth\/email\/verify\?token=/);
    expect(mail!.html).toContain(`<a href="${linkIn(mail!)}">`);
    expect(`${mail!.text}${mail!.html}`).not.toMatch(/evil|Ada<|Bcc/);
    const token = new URL(linkIn(mail!)).searchParams.get('token');
    expect((await app!.client().post('/auth/email/verify', { token })).status).toBe(204);
  });

  it.each([
    ['STARTTLS', false],
    ['implicit TLS', true],
  ])('travels by %s with a login', async (_how, secure) => {
    await sink.listen({
      secure,
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        username === 'us@er' && password === 'p:w' ? done(null, { user: username }) : done(new Error('no')),
    });
    const scheme = secure ? 'smtps' : 'smtp';
    await boot(`${scheme}://us%40er:p%3Aw@127.0.0.1:${sink.port}?tls.rejectUnauthorized=false`);
    await register();
    await settle();
    expect(sink.sessions).toEqual([{ secure: true, user: 'us@er' }]);
  });

  it('is not given to a server whose certificate no authority issued, and waits', async () => {
    await sink.listen();
    await boot(`smtp://127.0.0.1:${sink.port}`);
    expect((await register()).status).toBe(202);
    await settle();
    expect([sink.mails.length, await waiting()]).toEqual([0, [1]]);
  });

  it('is tried again after a 4xx, with a fresh token, and arrives once', async () => {
    let refused = 0;
    await sink.listen({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: (_address, _session, done) => (refused++ < 2 ? done(refusal(451)) : done()),
    });
    await boot(`smtp://127.0.0.1:${sink.port}`);
    await register();
    await settle();
    const first = await app!.mailedToken('ada@example.com');
    for (const pause of [2, 5]) {
      app!.clock.advance(pause);
      await settle();
    }
    expect([refused, sink.mails.length, await waiting()]).toEqual([3, 1, []]);
    const token = new URL(linkIn(sink.mails[0]!)).searchParams.get('token')!;
    expect(token).not.toBe(first);
    expect((await app!.client().post('/auth/email/verify', { token: first })).status).toBe(400);
    expect((await app!.client().post('/auth/email/verify', { token })).status).toBe(204);
  });

  it.each(['RCPT TO', 'DATA'])('is given up after a 5xx to %s', async (command) => {
    let requested = 0;
    const refuse = (done: (error?: Error) => void) => {
      requested += 1;
      done(refusal(550));
    };
    await sink.listen({
      disabledCommands: ['STARTTLS', 'AUTH'],
      ...(command === 'RCPT TO'
        ? { onRcptTo: (_address, _session, done) => refuse(done) }
        : { onData: (stream, _session, done) => stream.on('end', () => refuse(done)).resume() }),
    });
    await boot(`smtp://127.0.0.1:${sink.port}`);
    expect((await register()).status).toBe(202);
    await settle();
    app!.clock.advance(86_400);
    await settle();
    expect([requested, await waiting()]).toEqual([1, []]);
  });

  it('waits while the server wants another login of ours: the operator can mend that', async () => {
    await sink.listen({ disabledCommands: ['STARTTLS'], onAuth: (_auth, _session, done) => done(refusal(535)) });
    await boot(`smtp://user:wrong@127.0.0.1:${sink.port}`);
    await register();
    await settle();
    expect(await waiting()).toEqual([1]);
  });

  it('survives a connection that breaks in the middle', async () => {
    let broken = 0;
    await sink.listen({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onMailFrom: (_address, _session, done) => {
        broken += 1;
        if (broken === 1) return void sink.cut();
        done();
      },
    });
    await boot(`smtp://127.0.0.1:${sink.port}`);
    await register();
    await settle();
    expect(await waiting()).toEqual([1]);
    app!.clock.advance(2);
    await settle();
    expect([sink.mails.length, await waiting()]).toEqual([1, []]);
  });

  it('that is down changes no answer and loses nothing', async () => {
    await sink.listen({ disabledCommands: ['STARTTLS', 'AUTH'] });
    await sink.close();
    await boot(`smtp://127.0.0.1:${sink.port}`);
    const emails = Array.from({ length: 5 }, (_, i) => `user-${i}@example.com`);
    for (const email of emails) {
      const { status, text } = await register(email);
      expect([status, text]).toEqual([202, '{"status":"verification_sent"}']);
    }
    await settle();
    expect(await waiting()).toHaveLength(5);
    await sink.listen({ disabledCommands: ['STARTTLS', 'AUTH'] });
    app!.clock.advance(2);
    await settle();
    expect(sink.receivers.sort()).toEqual(emails);
    expect(await waiting()).toEqual([]);
  });
});
