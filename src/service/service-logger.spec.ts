import { Logger } from '@nestjs/common';
import { AuditLogLines } from '../audit/audit-log-lines.js';
import { productionLine, ServiceLogger } from './service-logger.js';

const NOON = new Date('2030-01-01T12:00:00.000Z');

/** The lines written during `work`. */
function written(work: () => void): string[] {
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    work();
    return write.mock.calls.flatMap(([chunk]) => String(chunk).trimEnd().split('\n'));
  } finally {
    write.mockRestore();
  }
}

describe('the log of the service in production', () => {
  beforeEach(() => Logger.overrideLogger(new ServiceLogger('log', true)));
  afterEach(() => Logger.overrideLogger(true));

  it('has an audit event as one flat object: its fields beside the level, to be parsed once', () => {
    const event = { type: 'login.failed' as const, userId: 'u', reason: 'wrong_password', ip: null };
    const lines = written(() => new AuditLogLines().write(event, NOON));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        level: 'log',
        pid: process.pid,
        timestamp: expect.any(Number),
        context: 'audit',
        at: '2030-01-01T12:00:00.000Z',
        ...event,
      },
    ]);
  });

  it('lets no field of an event pass for the level, the process or the kind of its line', () => {
    const forged = { type: 'app.odd' as const, level: 'fatal', pid: 1, timestamp: 0, context: 'service' };
    const [line = ''] = written(() => new AuditLogLines().write(forged, NOON));
    expect(JSON.parse(line)).toMatchObject({
      level: 'log',
      pid: process.pid,
      context: 'audit',
      _level: 'fatal',
      _pid: 1,
    });
  });

  it.each(['a\r\n{"type":"forged"}', 'a\u2028b', 'a\u0085b', 'a\u202eb', '"},{"type":"forged'])(
    'cannot be given a second line by the value %j',
    (userAgent) => {
      const lines = written(() => new AuditLogLines().write({ type: 'login.failed', userAgent }, NOON));
      expect(lines).toHaveLength(1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(lines[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
      expect(JSON.parse(lines[0]!)).toMatchObject({ type: 'login.failed', userAgent });
    },
  );

  it('has other messages in the same form, as they are', () => {
    const [line = ''] = written(() => new Logger('service').log('{"not":"an event"}'));
    expect(JSON.parse(line)).toMatchObject({ level: 'log', context: 'service', message: '{"not":"an event"}' });
    expect(JSON.parse(productionLine('service', { message: 'a token' }))).toEqual({
      level: 'log',
      pid: process.pid,
      timestamp: expect.any(Number),
      context: 'service',
      message: 'a token',
    });
  });
});
