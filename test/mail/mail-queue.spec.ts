import type { DataSource } from 'typeorm';
import { MailAllowance } from '../../src/mail/mail-allowance.js';
import { MAIL_PAUSES_SECONDS } from '../../src/mail/mail-queue.js';
import { MailRefused } from '../../src/mail/mail-refused.js';
import { FakeClock } from '../../src/testing/index.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { openEmbeddedDataSource, openTestDataSource } from '../stores/store-setups.js';
import { letter, MailNode } from './mail-nodes.js';

const DAY = 86_400;

async function onRealPostgres() {
  const database = await freshDatabase();
  const dataSource = await openTestDataSource(database.url);
  return { dataSource, close: () => dataSource.destroy().finally(() => database.drop()) };
}

describe.each(['real', 'embedded'] as const)('the mail queue on a %s PostgreSQL', (kind) => {
  let clock: FakeClock;
  let node: MailNode;
  let dataSource: DataSource;
  let close: () => Promise<unknown>;
  const features: MailNode[] = [];
  const open = (allowance?: MailAllowance) => {
    features.push(new MailNode(dataSource, clock, allowance));
    return features.at(-1)!;
  };
  beforeAll(async () => {
    ({ dataSource, close } = kind === 'real' ? await onRealPostgres() : await openEmbeddedDataSource());
  });
  beforeEach(() => {
    clock = new FakeClock();
    node = open();
  });
  afterEach(async () => {
    for (const each of features.splice(0)) await each.stop();
    await dataSource.query('DELETE FROM coatcheck.mail_jobs');
  });
  afterAll(() => close());

  it('sends in the order of posting, and keeps nothing of what was sent', async () => {
    const subjects = Array.from({ length: 20 }, (_, i) => `${i}`);
    for (const subject of subjects) await node.post(subject);
    await node.mailQueue.settled();
    expect(node.mailer.sent).toEqual(subjects);
    expect(await node.waiting()).toBe(0);
  });

  it('wakes by itself after the commit, and sends nothing of what is rolled back', async () => {
    const sent = new Promise<void>((resolve) => {
      node.mailer.behaviour = async () => resolve();
    });
    const failed = node.dataSource.transaction(async (manager) => {
      await node.mailQueue.enqueue({ kind: 'test', subject: 'never' }, manager);
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    await node.dataSource.transaction((manager) => node.mailQueue.enqueue({ kind: 'test', subject: 'told' }, manager));
    await sent;
    await node.mailQueue.settled();
    expect(node.mailer.sent).toEqual(['told']);
  });

  it('finishes the mail under way at the end, and begins no other', async () => {
    let answer: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      node.mailer.behaviour = () =>
        new Promise((done) => {
          answer = done;
          resolve();
        });
    });
    await node.post('under way');
    await begun;
    const end = node.mailQueue.beforeApplicationShutdown();
    await node.post('too late');
    answer();
    await end;
    expect([node.mailer.sent, await node.waiting(), node.logged]).toEqual([['under way'], 1, []]);
  });

  it('tries again with growing pauses, and writes the mail anew each time', async () => {
    let attempts: number[] = [];
    node.mailQueue.registerHandler('again', async (_job, { attempt }) => {
      attempts = [...attempts, attempt];
      return letter(`try ${attempt}`);
    });
    node.mailer.behaviour = async ({ subject }) => {
      if (subject !== 'try 4')
        throw Object.assign(new Error('451 <ada@example.com>'), { code: 'EENVELOPE', responseCode: 451 });
    };
    await node.mailQueue.enqueue({ kind: 'again' });
    await node.mailQueue.settled();
    for (const pause of [2, 5, 15]) {
      clock.advance(pause - 1);
      await node.mailQueue.settled();
      clock.advance(1);
      await node.mailQueue.settled();
    }
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(node.mailer.sent).toEqual(['try 4']);
    expect(await node.waiting()).toBe(0);
    expect(node.logged.join('\n')).toMatch(/next attempt in 2 s: Error EENVELOPE 451/);
    expect(node.logged.join('\n')).not.toMatch(/ada@/);
  });

  it('gives up within a day, and tells log and audit without address or content', async () => {
    node.mailer.behaviour = async () => {
      throw new Error('<ada@example.com> secret');
    };
    let passed = 0;
    await node.post('secret', { userId: '00000000-0000-4000-8000-000000000001', email: 'ada@example.com' });
    for (const pause of [0, ...MAIL_PAUSES_SECONDS]) {
      expect(await node.waiting()).toBe(1);
      clock.advance(pause);
      passed += pause;
      await node.mailQueue.settled();
    }
    expect(await node.waiting()).toBe(0);
    expect(passed).toBeGreaterThan(DAY * 0.9);
    expect(passed).toBeLessThan(DAY);
    expect(node.audit.events).toEqual([
      {
        type: 'mail.failed',
        kind: 'test',
        attempt: 11,
        reason: 'Error',
        userId: '00000000-0000-4000-8000-000000000001',
      },
    ]);
    expect(node.logged.join('\n')).toMatch(/given up after 11 attempts/);
    expect(JSON.stringify(node.audit.events) + node.logged.join()).not.toMatch(/ada@|secret/);
  });

  it('gives up at once what the server will never take', async () => {
    node.mailer.behaviour = async () => {
      throw new MailRefused('RCPT TO 550');
    };
    await node.post('refused');
    await node.mailQueue.settled();
    expect(await node.waiting()).toBe(0);
    expect(node.audit.events).toEqual([expect.objectContaining({ type: 'mail.failed', reason: 'RCPT TO 550' })]);
  });

  it('keeps what this node cannot write, for a node that can', async () => {
    await node.mailQueue.enqueue({ kind: 'from a newer release' });
    await node.mailQueue.settled();
    expect(await node.waiting()).toBe(1);
    node.mailQueue.registerHandler('from a newer release', async () => letter('written'));
    clock.advance(2);
    await node.mailQueue.settled();
    expect(node.mailer.sent).toEqual(['written']);
  });

  it('drops what the allowance does not let leave, and tells the audit', async () => {
    class OneEach extends MailAllowance {
      private left = 1;
      async mayLeave(): Promise<boolean> {
        return this.left-- > 0;
      }
    }
    await node.stop();
    const capped = open(new OneEach());
    for (const subject of ['first', 'second']) await capped.post(subject);
    await capped.mailQueue.settled();
    expect(capped.mailer.sent).toEqual(['first']);
    expect(capped.audit.events).toEqual([{ type: 'mail.limited', kind: 'test', userId: null }]);
  });

  it('refuses a second writer of one kind', () => {
    expect(() => node.mailQueue.registerHandler('test', async () => null)).toThrow(TypeError);
  });
});

describe('several nodes on one queue', () => {
  let database: TestDatabase;
  const features: MailNode[] = [];
  const clock = new FakeClock();
  beforeEach(async () => {
    database = await freshDatabase();
    for (let i = 0; i < 3; i++) features.push(new MailNode(await openTestDataSource(database.url), clock));
    // Each looks once after its start, in a moment: not in the middle of a test.
    for (const { mailQueue: office } of features) await office.settled();
  });
  afterEach(async () => {
    for (const feature of features.splice(0)) {
      await feature.stop();
      await feature.dataSource.destroy();
    }
    await database.drop();
  });
  const expireClaims = () =>
    features[0]!.dataSource.query("UPDATE coatcheck.mail_jobs SET claimed_until = '-infinity'");

  it('send each of 200 jobs once, however they race', async () => {
    const subjects = Array.from({ length: 200 }, (_, i) => `${i}`);
    await features[0]!.mailQueue.beforeApplicationShutdown();
    for (const subject of subjects) await features[0]!.post(subject);
    await expireClaims();
    await Promise.all(features.slice(1).flatMap(({ mailQueue: office }) => [office.settled(), office.settled()]));
    const sent = features.flatMap(({ mailer }) => mailer.sent);
    expect(sent.sort()).toEqual(subjects.sort());
    for (const feature of features.slice(1)) expect(feature.mailer.sent.length).toBeGreaterThan(0);
  });

  it('leave a job to the node that posted it, and take it over when that one has died', async () => {
    await features[0]!.mailQueue.beforeApplicationShutdown();
    await features[0]!.post('left behind');
    await features[1]!.mailQueue.settled();
    expect(features[1]!.mailer.sent).toEqual([]);
    await expireClaims();
    await features[1]!.mailQueue.settled();
    expect(features[1]!.mailer.sent).toEqual(['left behind']);
  });

  it('take over a mail whose node died in the middle, and what that one says later changes nothing', async () => {
    let die: (error: Error) => void = () => {};
    const begun = new Promise<void>((resolve) => {
      features[0]!.mailer.behaviour = () =>
        new Promise((_resolve, reject) => {
          die = reject;
          resolve();
        });
    });
    await features[0]!.post('twice tried');
    await begun;
    await features[1]!.mailQueue.settled();
    expect(features[1]!.mailer.sent).toEqual([]);
    await expireClaims();
    let finish: () => void = () => {};
    const taken = new Promise<void>((resolve) => {
      features[1]!.mailer.behaviour = () =>
        new Promise((done) => {
          finish = done;
          resolve();
        });
    });
    features[1]!.mailQueue.wake();
    await taken;
    die(new Error('late'));
    await features[0]!.mailQueue.settled();
    clock.advance(DAY);
    await features[2]!.mailQueue.settled();
    expect(features[2]!.mailer.sent).toEqual([]);
    finish();
    await features[1]!.mailQueue.settled();
    expect(features[1]!.mailer.sent).toEqual(['twice tried']);
    expect(await features[1]!.waiting()).toBe(0);
  });

  it('send after a restart what was posted before', async () => {
    await features[0]!.mailQueue.beforeApplicationShutdown();
    await features[0]!.post('before the restart');
    await features[0]!.dataSource.destroy();
    await features.shift()!.stop();
    await features[0]!.dataSource.query("UPDATE coatcheck.mail_jobs SET claimed_until = '-infinity'");
    await features[0]!.mailQueue.settled();
    expect(features[0]!.mailer.sent).toEqual(['before the restart']);
  });
});
