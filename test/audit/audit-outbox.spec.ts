import { randomBytes } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuditEventEntity } from '../../src/audit/audit-event.entity.js';
import { AuditOutbox, type OutboxReader, type OutboxWorker } from '../../src/audit/audit-outbox.js';
import { AuditSink } from '../../src/audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { JobRefused } from '../../src/jobs/job-handler.js';
import { AUDITED_AS } from '../../src/security/security-table.js';
import { SESSION_ENDS } from '../../src/sessions/session-events.js';
import type { TestUser } from '../../src/testing/index.js';
import { WebhookWorker } from '../../src/webhooks/webhook-worker.js';
import { overStores, type StoreUnderTest } from '../flows/combinations.js';
import { Fleet } from '../flows/several-nodes.js';
import { Receiver } from '../webhooks/receiver.js';

/** Types of all events after which sessions may be over. */
const ENDS_OF_SESSIONS = [...new Set([...SESSION_ENDS, ...Object.values(AUDITED_AS)])];

/** A reader that acts on the ends of sessions. */
@Injectable()
class EndsReader implements OutboxReader, BeforeApplicationShutdown {
  readonly destination = 'test:ends';
  readonly types = ENDS_OF_SESSIONS;
  readonly jobSeconds = 5;
  readonly pausesSeconds = [5];
  readonly logger = new Logger('test');
  readonly worker: OutboxWorker;
  readonly taken: AuditEventEntity[] = [];
  failure: Error | undefined;

  constructor(outbox: AuditOutbox) {
    this.worker = outbox.workerFor(this);
  }

  async take(event: AuditEventEntity): Promise<void> {
    if (this.failure) throw this.failure;
    this.taken.push(event);
  }

  reasonOf(error: unknown): string {
    return (error as Error).message;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}

overStores((sessionStore) => {
  describe('a reader of the audit', () => rulesOn(sessionStore));
});

function rulesOn(sessionStore: StoreUnderTest): void {
  const receiver = new Receiver();
  let fleet: Fleet;
  let admin: TestUser;

  const readers = () => fleet.nodes.map(({ app }) => app.get(EndsReader, { strict: false }));
  const read = async () => {
    await Promise.all(readers().map(({ worker }) => worker.settled()));
    return readers().flatMap(({ taken }) => taken);
  };
  const rows = () =>
    fleet.nodes[0]!.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(
      `SELECT destination, dead_at IS NOT NULL AS dead FROM coatcheck.audit_outbox WHERE destination LIKE 'test:%'`,
    );

  beforeAll(async () => {
    await receiver.open();
    fleet = await Fleet.start(
      2,
      {
        sessionStore,
        webhooks: [`siem=${receiver.url}`],
        webhookSecrets: [`siem=whsec_${randomBytes(32).toString('base64')}`],
        webhookInternalAddresses: ['127.0.0.1'],
      },
      () => [EndsReader],
    );
    admin = await fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] } });
  });
  /** Proving a mailbox ends what anybody may have begun before it, so signing up has been told of. */
  const signedUp = async (count: number) => {
    const users = await Promise.all(Array.from({ length: count }, (_, i) => fleet.nodes[i % 2]!.logIn()));
    for (const reader of readers()) reader.failure = undefined;
    await read();
    for (const reader of readers()) reader.taken.length = 0;
    return users;
  };
  afterAll(async () => {
    await fleet.stop();
    receiver.close();
  });

  it('is told of each end once, by whichever node, and of nothing else', async () => {
    const [ada, bob, carl] = await signedUp(3);
    expect((await ada!.post('/auth/logout')).status).toBe(204);
    expect((await admin.post(`/admin/users/${bob!.userId}/ban`, {})).status).toBe(204);
    expect((await carl!.post('/auth/step-up', { password: carl!.password })).status).toBe(200);
    // A reader that is woken while it reads does so once more, and has settled in between.
    while ((await rows()).length > 0) await read();
    const told = (await read()).map(({ type, userId, sessionId }) => ({ type, userId, sessionId }));
    expect(told).toEqual(
      expect.arrayContaining([
        { type: 'logout', userId: ada!.userId, sessionId: ada!.sessionId },
        expect.objectContaining({ type: 'user.banned', userId: bob!.userId }),
        { type: 'session.replaced', userId: carl!.userId, sessionId: carl!.sessionId },
      ]),
    );
    expect(told.filter(({ type }) => !ENDS_OF_SESSIONS.includes(type as 'logout'))).toEqual([]);
    expect(told.filter(({ type }) => type === 'logout')).toHaveLength(1);
    // What the ban leaves to a job may come only now; nothing comes again.
    const ids = (await read()).map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(told.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('takes nothing from others: a webhook hears of everything', async () => {
    receiver.received.length = 0;
    const newcomer = { email: 'heard@example.com', password: 'an engine weaves algebra' };
    expect((await fleet.nodes[0]!.client().post('/auth/register', newcomer)).status).toBe(202);
    const [ada] = await signedUp(1);
    await ada!.post('/auth/logout');
    await fleet.nodes[0]!.app.get(WebhookWorker, { strict: false }).deliverDue();
    await fleet.nodes[1]!.app.get(WebhookWorker, { strict: false }).deliverDue();
    expect(receiver.types).toEqual(expect.arrayContaining(['user.registered', 'login.succeeded', 'logout']));
    // What a ban of before leaves to a job may come now.
    const told = (await read()).filter(({ userId }) => userId === ada!.userId);
    expect(told.map(({ type }) => type)).toEqual(['logout']);
  });

  it('is told again what it could not take, and what it gives up stays for a while', async () => {
    const audit = fleet.nodes[0]!.app.get(AuditSink, { strict: false });
    const [ada] = await signedUp(1);
    for (const reader of readers()) reader.failure = new Error('later');
    await audit.record({ type: 'logout', userId: ada!.userId });
    expect(await read()).toEqual([]);
    expect(await rows()).toEqual([{ destination: 'test:ends', dead: false }]);
    for (const { clock } of fleet.nodes) clock.advance(6);
    for (const reader of readers()) reader.failure = undefined;
    expect(await read()).toMatchObject([{ type: 'logout', userId: ada!.userId }]);
    for (const reader of readers()) reader.failure = new JobRefused('never');
    await audit.record({ type: 'logout', userId: ada!.userId });
    await read();
    expect(await rows()).toEqual([{ destination: 'test:ends', dead: true }]);
  });
}
