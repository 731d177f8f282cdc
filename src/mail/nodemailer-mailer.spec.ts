import { createServer, type Server, type Socket } from 'node:net';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { SystemClock } from '../kernel/clock.js';
import { mailOptions } from './mail-options.js';
import type { Mail } from './mailer.js';
import { NodemailerMailer } from './nodemailer-mailer.js';
import { Outbox } from './outbox.js';

const LINK =
  'http://localhost:3000/auth/email/verify?token=3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZp0wqZp0wqZp0wqZp0wqZp0wqZp0wqZp0wqZp0w';
const mail: Mail = {
  to: 'ada@example.com',
  subject: 'Hello',
  text: `Follow ${LINK}\n`,
  html: `<a href="${LINK}">Follow</a>`,
};
const production = {
  nodeEnv: 'production',
  publicUrl: 'https://auth.example.org',
  secretKey: 'q3vQ0mWmS2oUe0nC3G7b2m1t0VJ1m8o1b0C5p9K2x4w',
};

function mailerWith(given: object = {}): { mailer: NodemailerMailer; outbox: Outbox } {
  const outbox = new Outbox(new SystemClock());
  const options = Options.resolve([coreOptions, mailOptions], { nodeEnv: 'test', ...given });
  return { mailer: new NodemailerMailer(options, outbox), outbox };
}

/** An SMTP server that takes every mail; `lines` is what clients said. */
async function smtpServer(): Promise<{ url: string; lines: string[]; close: () => void }> {
  const lines: string[] = [];
  const server: Server = createServer((socket: Socket) => {
    let inData = false;
    socket.write('220 here\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        lines.push(line);
        if (inData && line !== '.') continue;
        const isData = line === 'DATA';
        socket.write(isData ? '354 go\r\n' : '250 ok\r\n');
        inData = isData;
        if (line === 'QUIT') socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `smtp://127.0.0.1:${port}`, lines, close: () => server.close() };
}

describe('outside production a mail', () => {
  it('is kept in the outbox, the newest first', async () => {
    const { mailer, outbox } = mailerWith();
    await mailer.send(mail);
    await mailer.send({ ...mail, subject: 'Again' });
    expect(outbox.list().map(({ subject }) => subject)).toEqual(['Again', 'Hello']);
    expect(outbox.list()[1]).toEqual({
      ...mail,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      from: 'no-reply@localhost',
      headers: expect.objectContaining({
        to: 'ada@example.com',
        from: 'no-reply@localhost',
        subject: 'Hello',
        'auto-submitted': 'auto-generated',
      }),
      raw: expect.stringMatching(/^Auto-Submitted: auto-generated\r\nFrom: no-reply@localhost\r\n/),
      sentAt: expect.any(Date),
    });
  });

  it('is forgotten when a thousand newer ones were sent', async () => {
    const { mailer, outbox } = mailerWith();
    for (let i = 0; i <= 1000; i++) await mailer.send({ ...mail, subject: `${i}` });
    const subjects = outbox.list().map(({ subject }) => subject);
    expect([subjects.length, subjects[0], subjects[999]]).toEqual([1000, '1000', '1']);
  });

  it('cannot be changed by who lists them', async () => {
    const { mailer, outbox } = mailerWith();
    await mailer.send(mail);
    outbox.list().pop();
    expect(outbox.list()).toHaveLength(1);
  });
});

describe('the headers of a mail', () => {
  it.each([
    'Hello\r\nBcc: victim@example.org',
    'Hello\nBcc: victim@example.org',
    'Hello\r\n\r\n<b>body</b>',
    'Hello\0\u0085Bcc: x',
  ])('get nothing out of the subject %j', async (subject) => {
    const { mailer, outbox } = mailerWith();
    await mailer.send({ ...mail, subject });
    const { headers, raw } = outbox.list()[0]!;
    expect(Object.keys(headers).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
    expect(raw).not.toMatch(/^Bcc:/im);
  });

  it('name one receiver, whatever is written in the address', async () => {
    const { mailer, outbox } = mailerWith();
    await mailer.send({ ...mail, to: 'a@example.com,b@example.com' });
    expect(outbox.list()[0]!.headers.to).not.toMatch(/^a@example.com, ?b@example.com$/);
  });

  it('name the sender of MAIL_FROM', async () => {
    const { mailer, outbox } = mailerWith({ mailFrom: 'Example Login <login@example.org>' });
    await mailer.send(mail);
    expect(outbox.list()[0]!.from).toBe('Example Login <login@example.org>');
    expect(outbox.list()[0]!.headers.from).toBe('Example Login <login@example.org>');
  });
});

describe('a quoted name in MAIL_FROM', () => {
  it.each([
    ['"Mueller, Soehne" <no-reply@example.org>', '"Mueller, Soehne" <no-reply@example.org>'],
    ['"Ada \\"the\\" Engine" <no-reply@example.org>', '"Ada \\"the\\" Engine" <no-reply@example.org>'],
    ['"Plain" <no-reply@example.org>', 'Plain <no-reply@example.org>'],
  ])('may have a comma: %s', async (mailFrom, header) => {
    const { mailer, outbox } = mailerWith({ mailFrom });
    await mailer.send(mail);
    expect(outbox.list()[0]!.headers.from).toBe(header);
  });
});

describe('with MAIL_URL a mail', () => {
  it('is sent by SMTP, and in development kept as well', async () => {
    const smtp = await smtpServer();
    const { mailer, outbox } = mailerWith({
      nodeEnv: 'development',
      publicUrl: 'http://localhost:3000',
      mailUrl: smtp.url,
    });
    await mailer.send(mail);
    smtp.close();
    expect(smtp.lines).toEqual(
      expect.arrayContaining(['MAIL FROM:<no-reply@localhost>', 'RCPT TO:<ada@example.com>', 'Subject: Hello']),
    );
    expect(outbox.list()).toHaveLength(1);
  });

  it('stays in no outbox in production', async () => {
    const smtp = await smtpServer();
    const { mailer, outbox } = mailerWith({ ...production, mailUrl: smtp.url });
    await mailer.send(mail);
    smtp.close();
    expect(smtp.lines).toContain('MAIL FROM:<no-reply@auth.example.org>');
    expect(outbox.list()).toEqual([]);
  });

  it('fails when no server answers', async () => {
    const { mailer } = mailerWith({ mailUrl: 'smtp://127.0.0.1:1' });
    await expect(mailer.send(mail)).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('the mail options', () => {
  it('need MAIL_URL in production', () => {
    expect(() => mailerWith(production)).toThrow(/MAIL_URL is missing/);
  });

  it.each(['http://mail.example.com', 'mail.example.com', 'smtp://', 'smtp:// x'])('refuse MAIL_URL=%s', (mailUrl) => {
    expect(() => mailerWith({ mailUrl })).toThrow(/MAIL_URL/);
  });

  it.each([
    'Ada',
    'a@b, c@d',
    'A <a@b>\r\nBcc: x@y',
    'A <a@b>, B <b@c>',
    'A <a b@c>',
    '"A" "B" <a@b>',
    '"A <a@b>',
    '"A\\" <a@b>',
  ])('refuse MAIL_FROM=%j', (mailFrom) => {
    expect(() => mailerWith({ mailFrom })).toThrow(/MAIL_FROM/);
  });
});
