import { randomUUID } from 'node:crypto';
import * as api from '@opentelemetry/api';
import type { DataSource } from 'typeorm';
import { traced } from '../../src/kernel/span.js';
import { memcachedSpans } from '../../src/stores/memcached/memcached-spans.js';
import { redisSpans } from '../../src/stores/redis/redis-spans.js';
import { OpenTelemetryTracer } from '../../src/tracing/open-telemetry-tracer.js';
import { statementSpans } from '../../src/tracing/statement-spans.js';
import { install } from '../../src/tracing/tracing.js';
import { isInstalled, sharedServer } from '../servers-of-this-run.js';
import { openMemcached, openRedis } from '../stores/store-setups.js';
import { RecordedSpans } from './recorded-spans.js';

const recorded = new RecordedSpans();
const tracer = new OpenTelemetryTracer(api);
const KEY = `secret-${randomUUID()}`;
beforeEach(() => recorded.forget());
afterAll(() => recorded.end());

/** Names and attributes of what is asked within a trace. */
async function askedBy(work: () => Promise<unknown>) {
  await api.trace.getTracer('test').startActiveSpan('request', (span) => work().finally(() => span.end()));
  return recorded.all.filter(({ name }) => name !== 'request').map(({ name, attributes }) => [name, attributes]);
}

(isInstalled('redis-server') ? it : it.skip)(
  'Redis is asked by scripts that are named, and by commands, without keys and values',
  async () => {
    const storage = await openRedis((await sharedServer('redis')).url);
    const undo = redisSpans(storage).map((call) => install(call, tracer));
    const consume = () => storage.atomics.consumeOnce(KEY, new Date());
    await consume();
    expect(recorded.all).toEqual([]);
    const script = {
      'db.system.name': 'redis',
      'db.operation.name': 'EVALSHA',
      'db.stored_procedure.name': 'offers.consume',
    };
    expect(await askedBy(consume)).toEqual([['EVALSHA offers.consume', script]]);
    recorded.forget();
    const command = { 'db.system.name': 'redis', 'db.operation.name': 'HMGET' };
    expect(await askedBy(() => storage.sessions.find(randomUUID()))).toEqual([['HMGET', command]]);
    for (const end of undo) end();
    recorded.forget();
    expect(await askedBy(consume)).toEqual([]);
    storage.onApplicationShutdown();
  },
);

(isInstalled('memcached') ? it : it.skip)('Memcached is asked by commands, without keys and values', async () => {
  const storage = await openMemcached((await sharedServer('memcached')).url);
  for (const call of memcachedSpans(storage)) install(call, tracer);
  const command = { 'db.system.name': 'memcached', 'db.operation.name': 'get' };
  expect(await askedBy(() => storage.sessions.find(randomUUID()))).toEqual([['memcached get', command]]);
  expect(recorded.text).not.toContain(KEY);
  storage.onApplicationShutdown();
});

it("of a host's DataSource only what touches our tables is a span, whatever else its transaction does", async () => {
  const host = {
    driver: { database: 'shop' },
    createQueryRunner: () => ({ query: async (statement: string) => statement }),
  } as unknown as DataSource;
  for (const call of statementSpans(host)) install(call, tracer);
  const runner = host.createQueryRunner();
  const statements = ['START TRANSACTION', 'SELECT * FROM orders', 'DELETE FROM coatcheck.users', 'COMMIT'];
  const attributes = {
    'db.system.name': 'postgresql',
    'db.namespace': 'shop|coatcheck',
    'db.query.summary': 'DELETE users',
  };
  const answers: unknown[] = [];
  const ask = async () => {
    for (const statement of statements) answers.push(await runner.query(statement));
  };
  expect(await askedBy(ask)).toEqual([['DELETE users', attributes]]);
  expect(answers).toEqual(statements);
});

it.each([
  ['frozen', Object.freeze({ send: () => 'sent' })],
  ['sealed', Object.seal({ send: () => 'sent' })],
  [
    'frozen, of a class',
    Object.freeze(
      new (class {
        send() {
          return 'sent';
        }
      })(),
    ),
  ],
])('an object that is %s is left as it is', (_, mailer: { send(): string }) => {
  const { send } = mailer;
  install(
    traced(mailer, 'send', () => 'traced'),
    tracer,
  )();
  expect([mailer.send(), mailer.send === send]).toEqual(['sent', true]);
});

it('an object that two applications share is traced once, until the first of them ends', () => {
  const shared = { send: () => 'sent' };
  const call = traced(shared, 'send', (_tracer, send) => `traced ${send()}`);
  const [end, endOther] = [install(call, tracer), install(call, tracer)];
  expect(shared.send()).toBe('traced sent');
  endOther();
  expect(shared.send()).toBe('traced sent');
  end();
  expect(shared.send()).toBe('sent');
});
