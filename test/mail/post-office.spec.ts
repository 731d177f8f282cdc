import type { DataSource } from 'typeorm';
import { MailAllowance } from '../../src/mail/mail-allowance.js';
import { MailRefused } from '../../src/mail/mail-refused.js';
import { MAIL_PAUSES_SECONDS } from '../../src/mail/post-office.js';
import { FakeClock } from '../../src/testing/index.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { openEmbeddedDataSource, openTestDataSource } from '../stores/store-setups.js';
import { letter, PostRoom } from './post-rooms.js';

const DAY = 86_400;

async function onRealPostgres() {
  const database = await freshDatabase();
  const dataSource = await openTestDataSource(database.url);
  return { dataSource, close: () => dataSource.destroy().finally(() => database.drop()) };
}

describe.each(['real', 'embedded'] as const)('the post office on a %s PostgreSQL', (kind) => {
  let clock: FakeClock;
  let room: PostRoom;
  let dataSource: DataSource;
  let close: () => Promise<unknown>;
  const rooms: PostRoom[] = [];
  const open = (allowance?: MailAllowance) => {
    rooms.push(new PostRoom(dataSource, clock, allowance));
    return rooms.at(-1)!;
  };
  beforeAll(async () => {
    ({ dataSource, close } = kind === 'real' ? await onRealPostgres() : await openEmbeddedDataSource());
  });
  beforeEach(() => {
    clock = new FakeClock();
    room = open();
  });
  afterEach(async () => {
    for (const each of rooms.splice(0)) await each.stop();
    await dataSource.query('DELETE FROM mail_errands');
  });
  afterAll(() => close());

  it('sends in the order of posting, and keeps nothing of what was sent', async () => {
    const subjects = Array.from({ length: 20 }, (_, i) => `${i}`);
    for (const subject of subjects) await room.post(subject);
    await room.office.settled();
    expect(room.mailer.sent).toEqual(subjects);
    expect(await room.waiting()).toBe(0);
  });

  it('wakes by itself after the commit, and sends nothing of what is rolled back', async () => {
    const sent = new Promise<void>((resolve) => {
      room.mailer.behaviour = async () => resolve();
    });
    const failed = room.dataSource.transaction(async (manager) => {
      await room.office.post({ kind: 'test', subject: 'never' }, manager);
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    await room.dataSource.transaction((manager) => room.office.post({ kind: 'test', subject: 'told' }, manager));
    await sent;
    await room.office.settled();
    expect(room.mailer.sent).toEqual(['told']);
  });

  it('finishes the letter under way at the end, and begins no other', async () => {
    let answer: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      room.mailer.behaviour = () =>
        new Promise((done) => {
          answer = done;
          resolve();
        });
    });
    await room.post('under way');
    await begun;
    const end = room.office.beforeApplicationShutdown();
    await room.post('too late');
    answer();
    await end;
    expect([room.mailer.sent, await room.waiting(), room.logged]).toEqual([['under way'], 1, []]);
  });

  it('tries again with growing pauses, and writes the mail anew each time', async () => {
    let attempts: number[] = [];
    room.office.writes('again', async (_errand, { attempt }) => {
      attempts = [...attempts, attempt];
      return letter(`try ${attempt}`);
    });
    room.mailer.behaviour = async ({ subject }) => {
      if (subject !== 'try 4')
        throw Object.assign(new Error('451 <ada@example.com>'), { code: 'EENVELOPE', responseCode: 451 });
    };
    await room.office.post({ kind: 'again' });
    await room.office.settled();
    for (const pause of [2, 5, 15]) {
      clock.advance(pause - 1);
      await room.office.settled();
      clock.advance(1);
      await room.office.settled();
    }
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(room.mailer.sent).toEqual(['try 4']);
    expect(await room.waiting()).toBe(0);
    expect(room.logged.join('\n')).toMatch(/again in 2 s: Error EENVELOPE 451/);
    expect(room.logged.join('\n')).not.toMatch(/ada@/);
  });

  it('gives up within a day, and tells log and audit without address or content', async () => {
    room.mailer.behaviour = async () => {
      throw new Error('<ada@example.com> secret');
    };
    let passed = 0;
    await room.post('secret', { userId: '00000000-0000-4000-8000-000000000001', email: 'ada@example.com' });
    for (const pause of [0, ...MAIL_PAUSES_SECONDS]) {
      expect(await room.waiting()).toBe(1);
      clock.advance(pause);
      passed += pause;
      await room.office.settled();
    }
    expect(await room.waiting()).toBe(0);
    expect(passed).toBeGreaterThan(DAY * 0.9);
    expect(passed).toBeLessThan(DAY);
    expect(room.audit.events).toEqual([
      {
        type: 'mail.failed',
        kind: 'test',
        attempt: 11,
        reason: 'Error',
        userId: '00000000-0000-4000-8000-000000000001',
      },
    ]);
    expect(room.logged.join('\n')).toMatch(/given up after 11 tries/);
    expect(JSON.stringify(room.audit.events) + room.logged.join()).not.toMatch(/ada@|secret/);
  });

  it('gives up at once what the server will never take', async () => {
    room.mailer.behaviour = async () => {
      throw new MailRefused('RCPT TO 550');
    };
    await room.post('refused');
    await room.office.settled();
    expect(await room.waiting()).toBe(0);
    expect(room.audit.events).toEqual([expect.objectContaining({ type: 'mail.failed', reason: 'RCPT TO 550' })]);
  });

  it('keeps what nobody here can write, for a node that can', async () => {
    await room.office.post({ kind: 'from a newer release' });
    await room.office.settled();
    expect(await room.waiting()).toBe(1);
    room.office.writes('from a newer release', async () => letter('written'));
    clock.advance(2);
    await room.office.settled();
    expect(room.mailer.sent).toEqual(['written']);
  });

  it('drops what the allowance does not let leave, and tells the audit', async () => {
    class OneEach extends MailAllowance {
      private left = 1;
      async mayLeave(): Promise<boolean> {
        return this.left-- > 0;
      }
    }
    await room.stop();
    const capped = open(new OneEach());
    for (const subject of ['first', 'second']) await capped.post(subject);
    await capped.office.settled();
    expect(capped.mailer.sent).toEqual(['first']);
    expect(capped.audit.events).toEqual([{ type: 'mail.limited', kind: 'test', userId: null }]);
  });

  it('refuses a second writer of one kind', () => {
    expect(() => room.office.writes('test', async () => null)).toThrow(TypeError);
  });
});

describe('several nodes on one queue', () => {
  let database: TestDatabase;
  const rooms: PostRoom[] = [];
  const clock = new FakeClock();
  beforeEach(async () => {
    database = await freshDatabase();
    for (let i = 0; i < 3; i++) rooms.push(new PostRoom(await openTestDataSource(database.url), clock));
    // Each looks once after its start, in a moment: not in the middle of a test.
    for (const { office } of rooms) await office.settled();
  });
  afterEach(async () => {
    for (const room of rooms.splice(0)) {
      await room.stop();
      await room.dataSource.destroy();
    }
    await database.drop();
  });
  const expireClaims = () => rooms[0]!.dataSource.query("UPDATE mail_errands SET claimed_until = '-infinity'");

  it('send each of 200 errands once, however they race', async () => {
    const subjects = Array.from({ length: 200 }, (_, i) => `${i}`);
    await rooms[0]!.office.beforeApplicationShutdown();
    for (const subject of subjects) await rooms[0]!.post(subject);
    await expireClaims();
    await Promise.all(rooms.slice(1).flatMap(({ office }) => [office.settled(), office.settled()]));
    const sent = rooms.flatMap(({ mailer }) => mailer.sent);
    expect(sent.sort()).toEqual(subjects.sort());
    for (const room of rooms.slice(1)) expect(room.mailer.sent.length).toBeGreaterThan(0);
  });

  it('leave an errand to the node that posted it, and take it over when that one has died', async () => {
    await rooms[0]!.office.beforeApplicationShutdown();
    await rooms[0]!.post('left behind');
    await rooms[1]!.office.settled();
    expect(rooms[1]!.mailer.sent).toEqual([]);
    await expireClaims();
    await rooms[1]!.office.settled();
    expect(rooms[1]!.mailer.sent).toEqual(['left behind']);
  });

  it('take over a letter whose node died in the middle, and what that one says later changes nothing', async () => {
    let die: (error: Error) => void = () => {};
    const begun = new Promise<void>((resolve) => {
      rooms[0]!.mailer.behaviour = () =>
        new Promise((_resolve, reject) => {
          die = reject;
          resolve();
        });
    });
    await rooms[0]!.post('twice tried');
    await begun;
    await rooms[1]!.office.settled();
    expect(rooms[1]!.mailer.sent).toEqual([]);
    await expireClaims();
    let finish: () => void = () => {};
    const taken = new Promise<void>((resolve) => {
      rooms[1]!.mailer.behaviour = () =>
        new Promise((done) => {
          finish = done;
          resolve();
        });
    });
    rooms[1]!.office.wake();
    await taken;
    die(new Error('late'));
    await rooms[0]!.office.settled();
    clock.advance(DAY);
    await rooms[2]!.office.settled();
    expect(rooms[2]!.mailer.sent).toEqual([]);
    finish();
    await rooms[1]!.office.settled();
    expect(rooms[1]!.mailer.sent).toEqual(['twice tried']);
    expect(await rooms[1]!.waiting()).toBe(0);
  });

  it('send after a restart what was posted before', async () => {
    await rooms[0]!.office.beforeApplicationShutdown();
    await rooms[0]!.post('before the restart');
    await rooms[0]!.dataSource.destroy();
    await rooms.shift()!.stop();
    await rooms[0]!.dataSource.query("UPDATE mail_errands SET claimed_until = '-infinity'");
    await rooms[0]!.office.settled();
    expect(rooms[0]!.mailer.sent).toEqual(['before the restart']);
  });
});
