import { QueryFailedError } from 'typeorm';
import { AuthError } from '../kernel/auth-error.js';
import { asUnavailable } from './unreachable-database.js';

describe('asUnavailable', () => {
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'ECONNRESET',
    '57P01',
    '57P03',
    '08006',
    '08001',
    '53300',
    '57014',
    '25006',
    '28P01',
    '40001',
    '40P01',
    '55P03',
    '55006',
  ])('takes %s for an outage', (code) => {
    expect(asUnavailable(withCode(code))).toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 });
  });

  it('takes an HTTP client that hangs up for no outage', () => {
    const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    expect(asUnavailable(aborted)).toBe(aborted);
  });

  it.each([
    'timeout exceeded when trying to connect',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Query read timeout',
    'Cannot use a pool after calling end on the pool',
  ])('takes "%s" for an outage', (message) => {
    expect(asUnavailable(new Error(message))).toMatchObject({ code: 'unavailable' });
  });

  it("looks through TypeORM's wrapping and through causes, and keeps the original as cause", () => {
    const wrapped = new QueryFailedError('SELECT 1', [], new Error('Connection terminated unexpectedly'));
    expect(asUnavailable(wrapped)).toMatchObject({ code: 'unavailable', cause: wrapped });
    const caused = new Error('could not load', { cause: withCode('ECONNREFUSED') });
    expect(asUnavailable(caused)).toMatchObject({ code: 'unavailable', cause: caused });
  });

  it('says nothing of the query in its reason', () => {
    const wrapped = new QueryFailedError('SELECT secret', ['secret'], withCode('57P01'));
    expect((asUnavailable(wrapped) as AuthError).message).toBe('unavailable: database_unreachable (57P01)');
  });

  it.each(['23505', '23503', '42P01', '22P02', 'ENOENT'])('leaves %s as it is', (code) => {
    const error = withCode(code);
    expect(asUnavailable(error)).toBe(error);
  });

  it('leaves an AuthError and what is no error as they are', () => {
    for (const thrown of [new AuthError('forbidden', { cause: withCode('57P01') }), 'ECONNREFUSED', null, undefined]) {
      expect(asUnavailable(thrown)).toBe(thrown);
    }
  });

  it('ends on causes that go in circles', () => {
    const error = new Error('round');
    error.cause = error;
    expect(asUnavailable(error)).toBe(error);
  });
});

/** As a socket, or the server, reports it. */
function withCode(code: string): Error {
  return Object.assign(new Error('it failed'), { code, ...(code.startsWith('E') ? { syscall: 'connect' } : {}) });
}
