import type { Caller } from '../../access/caller.js';
import type { Ticket } from '../../access/ticket-strategy.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { FakeClock } from '../../testing/fake-clock.js';
import { DpopProofs } from './dpop-proofs.js';
import type { Confirmation, OAuthToken } from './oauth-token.js';
import { TokenHolders } from './token-holders.js';

const HERS = 'h'.repeat(43);
const HIS = 'H'.repeat(43);

const holders = new TokenHolders(
  new DpopProofs(
    new FakeClock(),
    Options.resolve([coreOptions], { nodeEnv: 'test', publicUrl: 'https://auth.example.com' }),
  ),
);

/** The reply to a client that sends it over a connection with this certificate. */
async function answer(
  confirmation: Confirmation | null,
  thumbprint: string | null,
  ticket: Partial<Ticket> = {},
): Promise<string> {
  const certificate = thumbprint === null ? null : { thumbprint, der: Buffer.alloc(0), chain: [] };
  const caller = { certificate, request: {}, method: 'GET', path: '/', dpopProof: undefined } as unknown as Caller;
  const sent: Ticket = { value: 'a.token', carrier: 'header', ...ticket };
  try {
    await holders.assertHolder({ confirmation } as OAuthToken, sent, caller);
    return 'passes';
  } catch (error) {
    return error instanceof AuthError ? `${error.status} ${error.reason}` : String(error);
  }
}

describe('who may use a token', () => {
  it('is any holder, where it says nothing', async () => {
    expect(await answer(null, null)).toBe('passes');
    expect(await answer(null, HERS)).toBe('passes');
  });

  it('is the holder of the certificate it was issued over, and no client with another or none', async () => {
    const bound = { 'x5t#S256': HERS };
    expect(await answer(bound, HERS)).toBe('passes');
    for (const other of [HIS, null, HERS.slice(1), `${HERS}h`])
      expect(await answer(bound, other)).toBe('401 token_of_another_certificate');
  });

  it('is not a client that sends a proof with a token that is bound to no key, whatever else it is bound to', async () => {
    for (const confirmation of [null, { 'x5t#S256': HERS }])
      expect(await answer(confirmation, HERS, { isDpop: true })).toBe('401 token_is_not_bound_to_a_key');
  });

  it('of a token that is bound to a key is not its bearer, and bound to both both are asked for', async () => {
    expect(await answer({ jkt: HERS }, null)).toBe('401 bound_token_as_bearer');
    expect(await answer({ jkt: HERS }, null, { isDpop: true })).toBe('401 no_dpop_proof');
    const both = { jkt: HERS, 'x5t#S256': HERS };
    expect(await answer(both, HIS, { isDpop: true })).toBe('401 token_of_another_certificate');
    expect(await answer(both, HERS, { isDpop: true })).toBe('401 no_dpop_proof');
  });
});
