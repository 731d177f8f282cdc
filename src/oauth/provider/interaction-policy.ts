import type { interactionPolicy as policies } from 'oidc-provider';
import type { Library } from './library.js';

/** The library's own questions, and one more: who was registered by nobody here is asked about each time. */
export function interactionPolicy({ interactionPolicy: { base, Check } }: Library): policies.DefaultPolicy {
  const policy = base();
  policy.get('consent')!.checks.add(
    new Check('unknown_client_prompt', 'clients that nobody has registered here require consent', (ctx) => {
      const { clientIdMetadataDocument } = ctx.oidc.client as { clientIdMetadataDocument?: boolean };
      const isAsked = clientIdMetadataDocument === true && !ctx.oidc.result?.consent;
      return isAsked ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  return policy;
}
