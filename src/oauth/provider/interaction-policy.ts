import type { interactionPolicy as policies } from 'oidc-provider';
import type { OAuthClients } from '../clients/oauth-clients.js';
import type { Library } from './library.js';

/** The library's own questions, and one more: a client that no admin here registered is asked about each time, since no one here vouches for its name. */
export function interactionPolicy(
  { interactionPolicy: { base, Check } }: Library,
  clients: OAuthClients,
): policies.DefaultPolicy {
  const policy = base();
  policy.get('consent')!.checks.add(
    new Check('unknown_client_prompt', 'clients that no admin has registered here require consent', async (ctx) => {
      const client = await clients.find(ctx.oidc.client!.clientId);
      const isUnknown = client === null || client.origin === 'registered' || client.origin === 'document';
      return isUnknown && !ctx.oidc.result?.consent ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  return policy;
}
