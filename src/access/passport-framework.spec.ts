import passport from 'passport';
import { AuthError } from '../kernel/auth-error.js';
import type { Caller } from './caller.js';
import { adapted, type VerifyTicket } from './passport-framework.js';
import type { Ticket, Verdict } from './ticket-strategy.js';

type Verdicts = Pick<passport.StrategyCreatedStatic, 'success' | 'fail' | 'error' | 'pass' | 'redirect'>;

const caller = {} as Caller;
const verdictOf = (value: string) => ({ auth: { user: { id: value } } }) as unknown as Verdict;

function verifierOf(answer: (verdicts: Verdicts, value: string) => void): VerifyTicket {
  class Verifying extends passport.Strategy {
    override readonly name = 'verifying';

    override authenticate(_request: object, { value }: Ticket): void {
      answer(this as unknown as Verdicts, value);
    }
  }
  return adapted(new passport.Authenticator()).use(new Verifying()).authenticate('verifying') as VerifyTicket;
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
  it('are answered at once by a strategy that asks no store', () => {
    const verify = verifierOf((verdicts, value) => verdicts.success(verdictOf(value) as never));
    expect(verify(caller, ticket('ada'))).toEqual(verdictOf('ada'));
  });

  it.each<[string, (verdicts: Verdicts) => void]>([
    ['fails', (verdicts) => verdicts.fail('no')],
    ['passes', (verdicts) => verdicts.pass()],
    ['redirects', (verdicts) => verdicts.redirect('https://elsewhere.example')],
    ['succeeds without a user', (verdicts) => verdicts.success(undefined as never)],
    ['succeeds with false', (verdicts) => verdicts.success(false as never)],
  ])('refuse when it %s', (_how, verdict) => {
    expect(reasonOf(() => verifierOf(verdict)(caller, ticket('t')))).toEqual([
      'unauthenticated',
      'refused_by_strategy',
    ]);
  });

  it('throw the error it reports, and never let pass one without a cause', () => {
    const ended = new AuthError('session_ended', { reason: 'revoked' });
    expect(reasonOf(() => verifierOf((verdicts) => verdicts.error(ended))(caller, ticket('t')))).toEqual([
      'session_ended',
      'revoked',
    ]);
    expect(reasonOf(() => verifierOf((verdicts) => verdicts.error(undefined))(caller, ticket('t')))).toBeInstanceOf(
      Error,
    );
  });

  it('are awaited, and never given to another of many requests under way', async () => {
    const verify = verifierOf((verdicts, value) => {
      const later = () => (value === '7' ? verdicts.fail() : verdicts.success(verdictOf(value) as never));
      // The later it came, the sooner it is judged.
      setImmediate(() => (Number(value) % 2 === 0 ? setImmediate(later) : later()));
    });
    const requested = Array.from({ length: 50 }, (_, at) => verify(caller, ticket(String(at))));
    const answers = await Promise.allSettled(requested);
    expect(answers[7]).toMatchObject({ status: 'rejected', reason: { code: 'unauthenticated' } });
    answers.forEach((answer, at) => {
      if (at !== 7) expect(answer).toEqual({ status: 'fulfilled', value: verdictOf(String(at)) });
    });
  });

  it('count once: the first', () => {
    const refusedFirst = verifierOf((verdicts) => {
      verdicts.fail();
      verdicts.success(verdictOf('mallory') as never);
    });
    expect(reasonOf(() => refusedFirst(caller, ticket('t')))).toEqual(['unauthenticated', 'refused_by_strategy']);
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
