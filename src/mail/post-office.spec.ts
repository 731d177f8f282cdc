import { Logger } from '@nestjs/common';
import { type Mail, Mailer } from './mailer.js';
import { PostOffice } from './post-office.js';

const mail: Mail = { to: 'ada@example.com', subject: 'secret subject', text: 'secret text', html: '' };

/** Sends nothing until it is told to, and notes what it was handed. */
class StubbornMailer extends Mailer {
  readonly sent: string[] = [];
  private readonly waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  send({ subject }: Mail): Promise<void> {
    this.sent.push(subject);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  release(): void {
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the post office', () => {
  let mailer: StubbornMailer;
  let office: PostOffice;
  let logged: string[];
  beforeEach(() => {
    mailer = new StubbornMailer();
    office = new PostOffice(mailer);
    logged = [];
    const keep = (...lines: unknown[]) => void logged.push(lines.join(' '));
    Logger.overrideLogger({ log: keep, error: keep, warn: keep });
  });
  afterEach(() => Logger.overrideLogger(true));

  it('begins only after the present turn, and lets nobody wait', async () => {
    office.post(mail);
    expect(mailer.sent).toEqual([]);
    await turn();
    expect(mailer.sent).toEqual(['secret subject']);
    mailer.release();
    await office.settled();
  });

  it('sends four at once, and the rest in their order', async () => {
    for (let i = 0; i < 9; i++) office.post({ ...mail, subject: `${i}` });
    await turn();
    expect(mailer.sent).toEqual(['0', '1', '2', '3']);
    for (let round = 0; round < 3; round++) {
      mailer.release();
      await turn();
    }
    expect(mailer.sent).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
    await office.settled();
  });

  it('writes a mail when its turn comes, and sends none when none is due', async () => {
    office.post(async () => null);
    office.post(async () => ({ ...mail, subject: 'written' }));
    await turn();
    expect(mailer.sent).toEqual(['written']);
    mailer.release();
    await office.settled();
  });

  it('logs a failure without address, subject or text, and goes on', async () => {
    office.post(mail);
    office.post(async () => {
      throw new Error('no such user: ada@example.com');
    });
    await turn();
    mailer.fail(
      Object.assign(new Error('550 <ada@example.com> unknown; secret subject'), {
        code: 'EENVELOPE',
        responseCode: 550,
      }),
    );
    await office.settled();
    expect(logged).toHaveLength(2);
    expect(logged.join()).toMatch(/EENVELOPE 550/);
    expect(logged.join()).not.toMatch(/ada|secret/);
    office.post({ ...mail, subject: 'next' });
    await turn();
    expect(mailer.sent).toContain('next');
    mailer.release();
  });

  it('drops what comes after ten thousand that wait, and says so', async () => {
    for (let i = 0; i < 10_001; i++) office.post(mail);
    expect(logged).toEqual([expect.stringContaining('one was dropped')]);
  });

  it('ends when all is sent', async () => {
    office.post(mail);
    let ended = false;
    const end = office.beforeApplicationShutdown().then(() => {
      ended = true;
    });
    await turn();
    expect(ended).toBe(false);
    mailer.release();
    await end;
    await office.onApplicationShutdown();
    expect(logged).toEqual([]);
  });

  it('ends after five seconds at the latest, and says what was lost', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    office.post(mail);
    await turn();
    const end = office.beforeApplicationShutdown().then(() => office.onApplicationShutdown());
    await jest.advanceTimersByTimeAsync(5_000);
    await end;
    jest.useRealTimers();
    expect(logged).toEqual([expect.stringContaining('1 mails were not sent')]);
  });
});
