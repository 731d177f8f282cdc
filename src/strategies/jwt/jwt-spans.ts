import { defineSpans, type TracedCall, traced } from '../../kernel/span.js';
import type { AccessTokens } from './access-tokens.js';
import type { RefreshService } from './refresh.service.js';

export const jwtSpanDescriptions = defineSpans({
  'coatcheck.token.refresh': {
    help: 'The exchange of a refresh token for the next pair.',
    attributes: { 'coatcheck.token.kid': 'The key that signs the new access token.' },
  },
});

/** Refreshes, and by which key access tokens are signed and verified. */
export function jwtSpans(accessTokens: AccessTokens, refreshes: RefreshService): TracedCall[] {
  return [
    traced(refreshes, 'refresh', (tracer, refresh, ...given) =>
      tracer.run(jwtSpanDescriptions['coatcheck.token.refresh'], {}, () => refresh(...given)),
    ),
    traced(accessTokens, 'mint', (tracer, mint, ...given) => {
      const minted = mint(...given);
      tracer.set({ 'coatcheck.token.kid': accessTokens.kidOf(minted.token) });
      return minted;
    }),
    traced(accessTokens, 'verify', (tracer, verify, token, ...claims) => {
      tracer.set({ 'coatcheck.token.kid': accessTokens.kidOf(token) });
      return verify(token, ...claims);
    }),
  ];
}
