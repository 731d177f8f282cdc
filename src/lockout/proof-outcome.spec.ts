import { NotFoundException } from '@nestjs/common';
import { AuthError, type AuthErrorCode, STATUS_OF_CODE } from '../kernel/auth-error.js';
import { isNotServed, proofOutcomeOf } from './proof-outcome.js';

describe('H-5: what became of a proof', () => {
  const codes = Object.keys(STATUS_OF_CODE) as AuthErrorCode[];

  it('is what the check says, whatever code it answers', () => {
    for (const code of codes) {
      for (const proof of ['right', 'wrong', 'unjudged'] as const) {
        expect([code, proofOutcomeOf(new AuthError(code, { proof }))]).toEqual([code, proof]);
      }
    }
  });

  it('is wrong by every code that says nothing, but for what the server could not judge or was not given', () => {
    const unjudged = codes.filter((code) => proofOutcomeOf(new AuthError(code)) === 'unjudged');
    expect(unjudged).toEqual(['validation_failed', 'internal_error', 'unavailable']);
    expect(codes.filter((code) => proofOutcomeOf(new AuthError(code)) === 'right')).toEqual([]);
  });

  it('is not served where the server could not, unless it says that the proof was wrong', () => {
    expect(codes.filter((code) => isNotServed(new AuthError(code)))).toEqual(['internal_error', 'unavailable']);
    expect(isNotServed(new AuthError('unavailable', { proof: 'right' }))).toBe(true);
    expect(isNotServed(new AuthError('unavailable', { proof: 'wrong' }))).toBe(false);
    expect(isNotServed(new Error('the database is gone'))).toBe(true);
  });

  it('is wrong for the refusals of others, and unjudged for their faults', () => {
    expect(proofOutcomeOf(new NotFoundException())).toBe('wrong');
    expect(proofOutcomeOf(new Error('the database is gone'))).toBe('unjudged');
  });
});
