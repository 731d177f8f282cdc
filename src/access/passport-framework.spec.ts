import passport from 'passport';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { HttpRequest } from './http-exchange.js';
import { adapted, type Judge } from './passport-framework.js';
import type { Ticket } from './strategy.js';

type Verdicts = Pick<passport.StrategyCreatedStatic, 'success' | 'fail' | 'error' | 'pass' | 'redirect'>;

const request = { method: 'GET', url: '/', headers: {} } as HttpRequest;
const contextOf = (value: string) => ({ user: { id: value } }) as unknown as AuthContext;

function judgeOf(judge: (verdicts: Verdicts, ticket: Ticket) => void): Judge {
  class Judging extends passport.Strategy {
    override readonly name = 'judging';

    override authenticate(_request: object, { ticket }: { ticket: Ticket }): void {
      judge(this as unknown as Verdicts, ticket);
    }
  }
  return adapted(new passport.Authenticator()).use(new Judging()).authenticate('judging') as Judge;
}

const ticket = (value: string): Ticket => ({ value, carrier: 'header' });
const reasonOf = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof AuthError ? [error.code, error.reason] : error;
  }
};

describe("Passport's verdicts", () => {
  it('are answered at once by a strategy that asks nobody', () => {
    const judge = judgeOf((verdicts, { value }) => verdicts.success(contextOf(value) as never));
    expect(judge(request, ticket('ada'))).toEqual(contextOf('ada'));
  });

  it.each<[string, (verdicts: Verdicts) => void]>([
    ['fails', (verdicts) => verdicts.fail('no')],
    ['passes', (verdicts) => verdicts.pass()],
    ['redirects', (verdicts) => verdicts.redirect('https://elsewhere.example')],
    ['succeeds with nobody', (verdicts) => verdicts.success(undefined as never)],
    ['succeeds with false', (verdicts) => verdicts.success(false as never)],
  ])('refuse when it %s', (_how, verdict) => {
    expect(reasonOf(() => judgeOf(verdict)(request, ticket('t')))).toEqual(['unauthenticated', 'refused_by_strategy']);
  });

  it('throw the error it reports, and never let pass one without a cause', () => {
    const ended = new AuthError('session_ended', { reason: 'revoked' });
    expect(reasonOf(() => judgeOf((verdicts) => verdicts.error(ended))(request, ticket('t')))).toEqual([
      'session_ended',
      'revoked',
    ]);
    expect(reasonOf(() => judgeOf((verdicts) => verdicts.error(undefined))(request, ticket('t')))).toBeInstanceOf(
      Error,
    );
  });

  it('are awaited, and never given to another of many requests under way', async () => {
    const judge = judgeOf((verdicts, { value }) => {
      const later = () => (value === '7' ? verdicts.fail() : verdicts.success(contextOf(value) as never));
      // The later it came, the sooner it is judged.
      setImmediate(() => (Number(value) % 2 === 0 ? setImmediate(later) : later()));
    });
    const requested = Array.from({ length: 50 }, (_, at) => judge(request, ticket(String(at))));
    const answers = await Promise.allSettled(requested);
    expect(answers[7]).toMatchObject({ status: 'rejected', reason: { code: 'unauthenticated' } });
    answers.forEach((answer, at) => {
      if (at !== 7) expect(answer).toEqual({ status: 'fulfilled', value: contextOf(String(at)) });
    });
  });

  it('count once: the first', () => {
    const refusedFirst = judgeOf((verdicts) => {
      verdicts.fail();
      verdicts.success(contextOf('mallory') as never);
    });
    expect(reasonOf(() => refusedFirst(request, ticket('t')))).toEqual(['unauthenticated', 'refused_by_strategy']);
  });
});

describe('an adapted Passport', () => {
  it('says at the start that it does not know a strategy', () => {
    expect(() => adapted(new passport.Authenticator()).authenticate('nobody')).toThrow(TypeError);
  });

  it('still takes a callback, as passport-local is used', async () => {
    class Always extends passport.Strategy {
      override readonly name = 'always';

      override authenticate(): void {
        this.success({ id: 'ada' } as never);
      }
    }
    const authenticator = adapted(new passport.Authenticator()).use(new Always());
    const user = await new Promise((resolve, reject) => {
      const answer = (error: unknown, found: unknown) => (error ? reject(error) : resolve(found));
      authenticator.authenticate('always', { session: false }, answer)({}, {}, reject);
    });
    expect(user).toEqual({ id: 'ada' });
  });
});
