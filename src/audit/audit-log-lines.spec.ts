import { Logger } from '@nestjs/common';
import { AuditLogLines } from './audit-log-lines.js';

const NOON = new Date('2030-01-01T12:00:00.000Z');

describe('the audit log', () => {
  const lines: { message: string; context: string }[] = [];
  const log = new AuditLogLines();
  beforeEach(() => {
    lines.length = 0;
    const write = (message: string, context: string) => void lines.push({ message, context });
    Logger.overrideLogger({ log: write, error: write, warn: write });
  });
  afterEach(() => Logger.overrideLogger(true));

  it('has one JSON line for each event, in the context audit', () => {
    log.write({ type: 'session.revoked', userId: 'u', sessionId: 's', reason: 'logout', ip: null }, NOON);
    expect(lines).toEqual([
      {
        context: 'audit',
        message:
          '{"at":"2030-01-01T12:00:00.000Z","type":"session.revoked","userId":"u","sessionId":"s","reason":"logout","ip":null}',
      },
    ]);
  });

  it.each([
    'a\r\n{"type":"forged"}',
    'a\u2028b',
    'a\u0085b',
    'a\u001b[2Jb',
    'a\u202eb',
    'a\0b',
    'a\ud800b',
    '"},{"type":"forged',
  ])('cannot be given a second line, or a false one, by the value %j', (userAgent) => {
    log.write({ type: 'login.failed', userAgent }, NOON);
    expect(lines).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(lines[0]!.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(JSON.parse(lines[0]!.message)).toEqual({ at: '2030-01-01T12:00:00.000Z', type: 'login.failed', userAgent });
  });

  it('has a line for an event that cannot be written, and throws nothing', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    log.write({ type: 'app.odd', circular }, NOON);
    log.write({ type: 'app.odd', big: 1n }, NOON);
    for (const { message } of lines) {
      expect(JSON.parse(message)).toEqual({ at: '2030-01-01T12:00:00.000Z', type: 'app.odd', unwritable: true });
    }
    expect(lines).toHaveLength(2);
  });
});
