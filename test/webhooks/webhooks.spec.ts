import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { DataSource } from 'typeorm';
import { AuditSink } from '../../src/audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { WebhookWorker } from '../../src/webhooks/webhook-worker.js';
import { bootService } from '../flows/combinations.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { Receiver } from './receiver.js';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const DAY = 86_400;

describe('webhooks', () => {
  const receiver = new Receiver();
  const [secretA, secretB] = [secret(), secret()];
  let database: TestDatabase;
  let nodes: AuthTestApp[];
  let admin: TestUser;

  const audit = () => nodes[0]!.app.get(AuditSink, { strict: false });
  const deliver = () => Promise.all(nodes.map(({ app }) => app.get(WebhookWorker, { strict: false }).deliverDue()));
  const advance = (seconds: number) => {
    for (const { clock } of nodes) clock.advance(seconds);
  };

  beforeAll(async () => {
    await receiver.open();
    database = await freshDatabase();
    const options = {
      databaseUrl: database.url,
      webhooks: [`siem=${receiver.url}`],
      webhookSecrets: [`siem=${secretA}`, `siem=${secretB}`],
      webhookInternalAddresses: ['127.0.0.1'],
    };
    nodes = [await bootService(options), await bootService(options)];
    admin = await nodes[0]!.logIn({ changes: { roles: ['admin'] } });
  });
  beforeEach(async () => {
    receiver.status = 204;
    await deliver();
    receiver.received.length = 0;
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await database.drop();
    receiver.close();
  });

  it('tell of an event once, though two nodes look for it, signed with every secret', async () => {
    const [userId, actorId] = [randomUUID(), randomUUID()];
    await audit().record({ type: 'user.banned', userId, actorId, reason: 'abuse', until: 'noon' });
    await deliver();
    const [post] = receiver.received;
    expect(receiver.types).toEqual(['user.banned']);
    for (const key of [secretA, secretB]) {
      const payload = new Webhook(key!).verify(post!.body, post!.headers as Record<string, string>);
      expect(payload).toMatchObject({ data: { userId, actorId, reason: 'abuse', details: { until: 'noon' } } });
    }
    expect(() => new Webhook(secret()).verify(post!.body, post!.headers as Record<string, string>)).toThrow();
    expect(() => new Webhook(secretA!).verify(`${post!.body} `, post!.headers as Record<string, string>)).toThrow();
    await deliver();
    expect(receiver.received).toHaveLength(1);
  });

  it('tell of 200 events at once, each exactly once', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, i) => audit().record({ type: `app.storm_${i}` })));
    await deliver();
    expect(receiver.types.sort()).toEqual(Array.from({ length: 200 }, (_, i) => `app.storm_${i}`).sort());
  });

  it('tell nothing of what was rolled back', async () => {
    const dataSource = nodes[0]!.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const change = dataSource.transaction(async (manager) => {
      await audit().record({ type: 'app.undone' }, manager);
      throw new Error('rolled back');
    });
    await expect(change).rejects.toThrow('rolled back');
    await dataSource.transaction((manager) => audit().record({ type: 'app.done' }, manager));
    await deliver();
    expect(receiver.types).toEqual(['app.done']);
  });

  it.each([500, 400, 302])('try again after a %s, under the same id, later and later', async (status) => {
    receiver.status = status;
    await audit().record({ type: 'app.tried' });
    await deliver();
    await deliver();
    expect(receiver.types).toEqual(['app.tried']);
    advance(5);
    await deliver();
    advance(5);
    await deliver();
    expect(receiver.types).toEqual(['app.tried', 'app.tried']);
    receiver.status = 204;
    advance(300);
    await deliver();
    await deliver();
    expect(receiver.types).toEqual(['app.tried', 'app.tried', 'app.tried']);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('give up after ten tries, list it, and begin anew when told to', async () => {
    receiver.status = 500;
    await audit().record({ type: 'app.hopeless' });
    for (let i = 0; i < 12; i += 1) {
      await deliver();
      advance(DAY);
    }
    expect(receiver.types).toEqual(Array(10).fill('app.hopeless'));
    admin = await nodes[0]!.logInAgain(admin);
    receiver.status = 204;
    const { body } = await admin.get('/admin/webhooks/dead-letters');
    expect(body.deadLetters).toMatchObject([{ destination: 'siem', attempts: 10, lastError: 'status 500' }]);

    expect((await admin.post('/admin/webhooks/dead-letters/revive', { destination: 'other' })).body).toEqual({
      revived: 0,
    });
    expect((await admin.post('/admin/webhooks/dead-letters/revive', { destination: 'siem' })).body).toEqual({
      revived: 1,
    });
    await deliver();
    expect(receiver.types.filter((type) => type === 'app.hopeless')).toHaveLength(11);
    expect((await admin.get('/admin/webhooks/dead-letters')).body).toEqual({ deadLetters: [] });
  });

  it('give up at once when the receiver is gone for good', async () => {
    receiver.status = 410;
    await audit().record({ type: 'app.gone' });
    await deliver();
    expect((await admin.get('/admin/webhooks/dead-letters')).body.deadLetters).toMatchObject([{ attempts: 1 }]);
    await admin.post('/admin/webhooks/dead-letters/revive', { destination: 'siem' });
  });

  it.each(['siem\u0000', '\ud800', ''])('of a name that none can have are refused: %j', async (destination) => {
    const { status, body } = await admin.post('/admin/webhooks/dead-letters/revive', { destination });
    expect([status, body.code, body.errors?.[0]?.field]).toEqual([400, 'validation_failed', 'destination']);
  });

  it('are seen by admins only', async () => {
    const somebody = await nodes[0]!.logIn();
    expect((await somebody.get('/admin/webhooks/dead-letters')).status).toBe(403);
    expect((await somebody.post('/admin/webhooks/dead-letters/revive', { destination: 'siem' })).status).toBe(403);
    expect((await nodes[0]!.client().get('/admin/webhooks/dead-letters')).status).toBe(401);
  });
});

it('webhooks to internal addresses are not sent, however they are written', async () => {
  const receiver = new Receiver();
  await receiver.open();
  const { port } = new URL(receiver.url);
  const addresses = [
    `http://127.0.0.1:${port}`,
    `http://localhost:${port}`,
    `http://[::1]:${port}`,
    `http://[::ffff:127.0.0.1]:${port}`,
    `http://2130706433:${port}`,
    `http://0x7f.1:${port}`,
    `http://0.0.0.0:${port}`,
    'http://169.254.169.254',
    'http://10.0.0.1',
    'http://[fd00::1]',
  ];
  const named = (values: readonly string[]) => values.map((value, at) => `at-${at}=${value}`);
  const app = await bootService({ webhooks: named(addresses), webhookSecrets: named(addresses.map(secret)) });
  await app.app.get(AuditSink, { strict: false }).record({ type: 'app.secret' });
  await app.app.get(WebhookWorker, { strict: false }).deliverDue();
  const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const rows = await dataSource.query('SELECT destination, attempts, last_error FROM coatcheck.audit_outbox');
  await app.close();
  receiver.close();
  expect(receiver.received).toEqual([]);
  expect(new Set(rows.map((row: { destination: string }) => row.destination)).size).toBe(addresses.length);
  for (const row of rows) {
    expect(row).toMatchObject({ attempts: 1, last_error: expect.stringContaining('is not allowed') });
  }
});

describe('webhooks are refused at the start', () => {
  it.each([
    ['without a secret', { webhooks: ['siem=https://siem.example.com'] }, 'WEBHOOK_SECRETS'],
    ['with a secret too short', { webhookSecrets: ['siem=whsec_abc'] }, 'WEBHOOK_SECRETS'],
    ['without a URL', { webhooks: ['siem'] }, 'WEBHOOKS'],
    ['two of one name', { webhooks: ['a=https://b', 'a=https://c'], webhookSecrets: [`a=${secret()}`] }, 'WEBHOOKS'],
  ])('%s', async (_what, options, named) => {
    await expect(bootService({ databaseUrl: 'postgres://127.0.0.1:1/none', ...options })).rejects.toThrow(named);
  });
});
