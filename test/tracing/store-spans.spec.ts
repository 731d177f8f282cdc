import { randomUUID } from 'node:crypto';
import * as api from '@opentelemetry/api';
import { memcachedSpans } from '../../src/stores/memcached/memcached-spans.js';
import { redisSpans } from '../../src/stores/redis/redis-spans.js';
import { OpenTelemetryTracer } from '../../src/tracing/open-telemetry-tracer.js';
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
