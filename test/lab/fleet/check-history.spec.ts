import { violationsIn } from './check-history.js';
import type { Outage, RequestRecord, RevocationRecord } from './history.js';

const accepted: RequestRecord = {
  ticket: 1,
  user: 7,
  node: 0,
  startedAt: 100,
  endedAt: 110,
  status: 200,
  code: null,
  role: 0,
  tokenRole: null,
  touchedCookies: false,
};
const refused: RequestRecord = { ...accepted, status: 401, code: 'session_ended', role: null };
const ended: RevocationRecord = {
  by: 'logout',
  kind: 'ended',
  tickets: [1],
  user: 7,
  startedAt: 80,
  acknowledgedAt: 90,
};
const changed: RevocationRecord = { ...ended, by: 'roles', kind: 'changed', tickets: [], role: 1 };
const outage: Outage = { what: 'store', node: 0, from: 50, to: 150 };

function rules(requests: RequestRecord[], revocations: RevocationRecord[] = [], outages: Outage[] = []) {
  return violationsIn({ requests, revocations, outages }).map(({ rule }) => rule);
}

describe('the checker of recorded histories', () => {
  it('finds an acceptance that began after the acknowledgement, on any node', () => {
    const everywhere = [0, 1, 2].map((node) => ({ ...accepted, node }));
    expect(rules(everywhere, [ended])).toEqual(Array(3).fill('accepted after its end was acknowledged'));
  });

  it('allows an acceptance that began before the acknowledgement, however late it came', () => {
    expect(rules([{ ...accepted, startedAt: 90, endedAt: 9_000 }], [ended])).toEqual([]);
  });

  it('allows either answer while a revocation has begun and is not acknowledged', () => {
    expect(rules([accepted, refused], [{ ...ended, acknowledgedAt: null }])).toEqual([]);
  });

  it('allows an acceptance of another ticket', () => {
    expect(rules([{ ...accepted, ticket: 2 }], [ended])).toEqual([]);
  });

  it.each(['session_ended', 'unauthenticated'])('finds a %s before any revocation began', (code) => {
    const rule = 'logged out without a revocation';
    expect(rules([{ ...refused, code }])).toEqual([rule]);
    expect(rules([{ ...refused, code, startedAt: 60, endedAt: 79 }], [ended])).toEqual([rule]);
    expect(rules([{ ...refused, code, startedAt: 60, endedAt: 80 }], [ended])).toEqual([]);
  });

  it('finds an old role shown after a change was acknowledged, and not before', () => {
    expect(rules([accepted], [changed])).toEqual(['showed a role from before an acknowledged change']);
    expect(rules([{ ...accepted, role: 1 }], [changed])).toEqual([]);
    expect(rules([{ ...accepted, startedAt: 85 }], [changed])).toEqual([]);
  });

  it('finds a token with the old role accepted, also where the reply shows the new one', () => {
    const rule = 'accepted a token from before an acknowledged change';
    expect(rules([{ ...accepted, role: 1, tokenRole: 0 }], [changed])).toEqual([rule]);
    expect(rules([{ ...accepted, role: 1, tokenRole: 1 }], [changed])).toEqual([]);
  });

  it('finds a token that expires though its user was not changed', () => {
    const expired: RequestRecord = { ...refused, code: 'token_expired', tokenRole: 0 };
    expect(rules([expired])).toEqual(['a token expired without a change']);
    expect(rules([{ ...expired, tokenRole: 1 }], [changed])).toEqual(['a token expired without a change']);
    expect(rules([expired], [changed])).toEqual([]);
    expect(rules([{ ...expired, tokenRole: null }], [changed])).toEqual(['an answer that nobody expects']);
  });

  it('allows 503 while that store is out of reach for that node, and a little later', () => {
    const unavailable: RequestRecord = { ...refused, status: 503, code: 'unavailable' };
    const rule = 'unavailable while the store was there';
    expect(rules([unavailable])).toEqual([rule]);
    expect(rules([unavailable], [], [outage])).toEqual([]);
    expect(rules([unavailable], [], [{ ...outage, node: 1 }])).toEqual([rule]);
    expect(rules([unavailable], [], [{ ...outage, what: 'node' }])).toEqual([rule]);
    expect(rules([{ ...unavailable, startedAt: 5_150, endedAt: 5_160 }], [], [outage])).toEqual([]);
    expect(rules([{ ...unavailable, startedAt: 5_151, endedAt: 5_160 }], [], [outage])).toEqual([rule]);
  });

  it('finds a 503 that touches cookies', () => {
    const touched: RequestRecord = { ...refused, status: 503, code: 'unavailable', touchedCookies: true };
    expect(rules([touched], [], [outage])).toEqual(['cookies touched by a refusal to serve']);
  });

  it('finds silence of a node that was not disturbed', () => {
    const silent: RequestRecord = { ...refused, status: 0, code: null };
    expect(rules([silent])).toEqual(['no answer from a healthy node']);
    expect(rules([silent], [], [{ ...outage, what: 'node' }])).toEqual([]);
  });

  it('allows tokens to be refused while clocks differ, but no cookie, and no session to end', () => {
    const refusedToken: RequestRecord = { ...refused, code: 'unauthenticated', tokenRole: 0 };
    const clocks: Outage[] = [{ ...outage, what: 'clock' }];
    const rule = 'logged out without a revocation';
    expect(rules([refusedToken], [], clocks)).toEqual([]);
    expect(rules([refusedToken], [], [outage])).toEqual([rule]);
    expect(rules([{ ...refusedToken, tokenRole: null }], [], clocks)).toEqual([rule]);
    expect(rules([{ ...refusedToken, code: 'session_ended' }], [], clocks)).toEqual([rule]);
  });

  it('finds every other answer', () => {
    const others: [number, string | null][] = [
      [500, 'internal_error'],
      [503, null],
      [403, 'forbidden'],
      [401, null],
      [429, 'rate_limited'],
    ];
    const requests = others.map(([status, code]) => ({ ...refused, status, code }));
    expect(rules(requests, [ended], [outage])).toEqual(Array(5).fill('an answer that nobody expects'));
    expect(rules([{ ...accepted, role: null }])).toEqual(['an answer that nobody expects']);
  });
});
