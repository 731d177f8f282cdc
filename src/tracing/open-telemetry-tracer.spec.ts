import * as api from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { AuthError } from '../kernel/auth-error.js';
import { Batcher } from '../kernel/batcher.js';
import { SingleFlight } from '../kernel/single-flight.js';
import { defineSpans } from '../kernel/span.js';
import { followTraces } from '../kernel/trace.js';
import { OpenTelemetryTracer } from './open-telemetry-tracer.js';

const SPANS = defineSpans({
  request: { help: 'Test.', attributes: { 'coatcheck.known': 'x', 'coatcheck.both': 'x' } },
  part: { help: 'Test.', within: 'trace', kind: 'client', attributes: { 'coatcheck.both': 'x' } },
  job: { help: 'Test.', within: 'own', kind: 'consumer' },
});

const exporter = new InMemorySpanExporter();
let tracer: OpenTelemetryTracer;
let unfollow: () => void;
beforeAll(() => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  tracer = new OpenTelemetryTracer(api);
  unfollow = followTraces(tracer);
});
afterEach(() => exporter.reset());
afterAll(() => {
  unfollow();
  // Of the process, of which other files of tests are too.
  for (const registered of [api.trace, api.context, api.propagation]) registered.disable();
});

const ended = () => exporter.getFinishedSpans();
const endedNamed = (name: string) => ended().filter((span) => span.name === name);
const within = <T>(work: () => T) => tracer.run(SPANS.request, {}, work);

describe('a span', () => {
  it('lasts as long as its work, whether that returns or answers later', async () => {
    expect(within(() => ended().length)).toBe(0);
    expect(ended()).toHaveLength(1);
    const answer = within(async () => ended().length);
    expect(ended()).toHaveLength(1);
    expect(await answer).toBe(1);
    expect(ended()).toHaveLength(2);
  });

  it('says what it has declared and nothing else', () => {
    tracer.run(SPANS.request, { 'coatcheck.known': 1, 'coatcheck.other': 'a', 'coatcheck.both': undefined }, (span) => {
      span.set({ 'coatcheck.other': 'b' });
      tracer.set({ 'coatcheck.both': true, constructor: 'c' });
    });
    expect(ended()[0]!.attributes).toEqual({ 'coatcheck.known': 1, 'coatcheck.both': true });
  });

  it('is not written to by what is said of another one', () => {
    within(() =>
      api.trace.getTracer('host').startActiveSpan('theirs', (span) => {
        tracer.run(SPANS.part, {}, () => tracer.set({ 'coatcheck.known': 2 }));
        span.end();
      }),
    );
    tracer.set({ 'coatcheck.known': 3 });
    expect(ended().map(({ attributes }) => attributes)).toEqual([{}, {}, {}]);
  });

  it.each([
    [
      'a refusal',
      new AuthError('forbidden', { reason: 'role_missing' }),
      { 'coatcheck.code': 'forbidden', 'coatcheck.reason': 'role_missing' },
      0,
    ],
    [
      'a fault of ours',
      new AuthError('unavailable', { reason: 'x'.repeat(500) }),
      { 'coatcheck.code': 'unavailable', 'coatcheck.reason': 'x'.repeat(80), 'error.type': 'unavailable' },
      2,
    ],
    [
      'an error of the database',
      Object.assign(new Error('Key (email)=(ada@example.com)'), { code: '23505' }),
      { 'error.type': '23505' },
      2,
    ],
    ['any other', new TypeError('ada@example.com'), { 'error.type': 'TypeError' }, 2],
    ['an exception of the host', Object.assign(new Error('no'), { getStatus: () => 418 }), {}, 0],
    ['what is no error', null, { 'error.type': '_OTHER' }, 2],
    ['one with an odd code', { code: 'ada@example.com', constructor: 'x y' }, { 'error.type': '_OTHER' }, 2],
  ])('tells of %s its kind, never its message', async (_, error, attributes, code) => {
    const fail = () => {
      throw error;
    };
    expect(() => within(fail)).toThrow();
    await expect(within(async () => fail())).rejects.toBe(error);
    for (const span of ended()) {
      expect([span.attributes, span.status, span.events]).toEqual([attributes, { code }, []]);
    }
    expect(ended()).toHaveLength(2);
  });

  it('that is a part is made in a trace only', () => {
    expect(tracer.run(SPANS.part, {}, () => 'done')).toBe('done');
    expect(ended()).toEqual([]);
    within(() => tracer.run(SPANS.part, {}, () => 'done'));
    expect(ended()[0]).toMatchObject({ name: 'part', kind: api.SpanKind.CLIENT });
    expect(ended()[0]!.parentSpanContext?.spanId).toBe(ended()[1]!.spanContext().spanId);
  });

  it('of a job is a trace of its own, and linked to the call that asked', () => {
    const askedBy = within(() => tracer.position());
    within(() => tracer.run(SPANS.job, {}, () => tracer.run(SPANS.part, {}, () => undefined), { askedBy }));
    const [job] = endedNamed('job');
    expect(job!.parentSpanContext).toBeUndefined();
    expect(job!.links.map(({ context }) => context.spanId)).toEqual([endedNamed('request')[0]!.spanContext().spanId]);
    expect(endedNamed('part')[0]!.parentSpanContext?.spanId).toBe(job!.spanContext().spanId);
  });

  it.each([undefined, 7, '', 'ada@example.com', `00-${'0'.repeat(31)}-${'1'.repeat(16)}-01`])(
    'of a job that %p asked for is linked to nothing',
    (askedBy) => {
      tracer.run(SPANS.job, {}, () => undefined, { askedBy });
      expect(ended()[0]!.links).toEqual([]);
    },
  );
});

describe('work that calls share', () => {
  const batcher = new Batcher(async (items: readonly number[]) =>
    tracer.run(SPANS.part, {}, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return items;
    }),
  );

  it('is part of the trace of the only one, and linked to each of several', async () => {
    await Promise.all([1, 2, 3].map((item) => within(() => batcher.load(item))));
    const [alone, together] = endedNamed('part');
    const requests = endedNamed('request').map((span) => span.spanContext().spanId);
    expect(requests).toHaveLength(3);
    expect(alone!.parentSpanContext?.spanId).toBe(requests[0]);
    expect(together!.parentSpanContext).toBeUndefined();
    expect(together!.links.map(({ context }) => context.spanId)).toEqual(requests.slice(1));
  });

  it('of one request is part of its trace, however many ask', async () => {
    await within(() => Promise.all([1, 2, 3].map((item) => batcher.load(item))));
    const [request] = endedNamed('request');
    const parents = endedNamed('part').map((span) => span.parentSpanContext?.spanId);
    expect(parents).toEqual([request!.spanContext().spanId, request!.spanContext().spanId]);
  });

  it('of no request makes no span', async () => {
    await Promise.all([1, 2, 3].map((item) => batcher.load(item)));
    expect(ended()).toEqual([]);
  });

  it('leaves each caller in its own trace', async () => {
    const position = () => tracer.position();
    await Promise.all(
      [1, 2, 3].map((item) =>
        within(async () => {
          const before = position();
          await batcher.load(item);
          expect(position()).toBe(before);
        }),
      ),
    );
  });

  it('that runs once for all who ask is outside of every trace', async () => {
    const positions: unknown[] = [];
    const flight = new SingleFlight(async () => positions.push(tracer.position()));
    await within(() => flight.run());
    expect(positions).toEqual([undefined]);
  });
});

describe('an SDK that throws', () => {
  const broken = () => {
    throw new Error('broken');
  };
  const span = { setAttributes: broken, setStatus: broken, end: broken, spanContext: broken };
  const works = { startSpan: () => span };
  const context = api.context;
  const cases: [string, object][] = [
    [
      'when a span begins',
      {
        trace: {
          ...api.trace,
          getTracer: () => ({ startSpan: broken }),
          setSpan: api.trace.setSpan,
          getSpanContext: api.trace.getSpanContext,
        },
      },
    ],
    [
      'when one is written to or ends',
      {
        trace: {
          ...api.trace,
          getTracer: () => works,
          setSpan: (given: api.Context) => given,
          getSpanContext: () => undefined,
        },
      },
    ],
    ['in the context manager', { context: { active: () => api.ROOT_CONTEXT, with: broken } }],
    ['when it is asked where it is', { context: { active: broken, with: context.with.bind(context) } }],
  ];

  it.each(cases)('%s costs a span, and no work', async (_, parts) => {
    const frail = new OpenTelemetryTracer({ ...api, ...parts } as typeof api);
    const done: string[] = [];
    const work = () => `${done.push('once')}`;
    expect(frail.run(SPANS.request, { 'coatcheck.known': 1 }, work)).toBe('1');
    expect(await frail.run(SPANS.job, {}, async () => work())).toBe('2');
    expect(() => frail.run(SPANS.request, {}, broken)).toThrow('broken');
    await expect(frail.run(SPANS.request, {}, async () => broken())).rejects.toThrow('broken');
    expect(frail.onBehalfOf([{ place: api.ROOT_CONTEXT }, { place: undefined }], work)).toBe('3');
    expect(frail.outside(work)).toBe('4');
    frail.set({ 'coatcheck.known': 1 });
    expect([frail.current(), frail.position()]).toEqual([undefined, undefined]);
    expect(done).toHaveLength(4);
  });
});
