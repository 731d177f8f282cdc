import { defineSpans, type TracedCall, traced } from '../../kernel/span.js';
import type { OAuthHandling } from './oauth-handling.js';
import { routeOf } from './oauth-routes.js';
import { isMarked } from './request-state.js';

export const oauthSpanDescriptions = defineSpans({
  'coatcheck.oauth': {
    help: 'The answer of an endpoint of the OAuth provider: a token that is issued, refreshed or introspected, a login that an application asks for.',
    attributes: {
      'coatcheck.oauth.endpoint': 'Its path, with `:id` for an id; absent: there is no such endpoint.',
      'coatcheck.oauth.by':
        '`library`, or `service` where nothing of the request was unusual, or it was refused before the library got it.',
      'http.response.status_code': 'Of the answer.',
    },
  },
});

/** What clients ask of the provider. Its routes are in front of the router, so no guard sees them. */
export function oauthSpans(handling: OAuthHandling): TracedCall[] {
  return [
    traced(handling, 'answer', (tracer, answer, request, response, mounted) => {
      const endpoint = { 'coatcheck.oauth.endpoint': routeOf(mounted.path)?.path };
      return tracer.run(oauthSpanDescriptions['coatcheck.oauth'], endpoint, async (span) => {
        await answer(request, response, mounted);
        const by = isMarked(request) ? 'library' : 'service';
        span.set({ 'coatcheck.oauth.by': by, 'http.response.status_code': response.statusCode });
      });
    }),
  ];
}
