import type { AuthUser } from '../../../kernel/auth-context.js';
import { saidOfScope, wordOfScope } from '../asked-words.js';
import type { Interaction } from '../interactions.js';
import type { ConsentValues, ShownResource } from './consent.template.js';

/** The values of the page of consent. */
export function consentValues(
  { uid, client, asked, redirect, isOfDevice }: Interaction,
  user: AuthUser,
): ConsentValues {
  const account: ShownResource = {
    name: null,
    uri: null,
    scopes: asked.openid.map((name) => ({ name, word: wordOfScope(name), text: null, isChoice: name !== 'openid' })),
  };
  const apis = asked.resources.map(({ resource, scopes }) => ({
    name: resource.name,
    uri: resource.uri,
    // Without a description of its own it is what the account is asked for already, and one answer counts for both.
    scopes: scopes
      .filter((name) => resource.scopes[name] || !asked.openid.includes(name))
      .map((name) => ({ name, ...saidOfScope(resource, name), isChoice: true })),
  }));
  return {
    uid,
    client: client.name,
    clientHost: client.host,
    redirectHost: isOfDevice ? null : (redirect?.host ?? null),
    isLocal: redirect?.isLocal ?? false,
    isUnknown: client.isSelfRegistered,
    registeredAt: client.registeredAt,
    isLasting: client.isNative && !asked.openid.includes('offline_access'),
    who: user.name ? `${user.name} (${user.email})` : (user.email ?? user.id),
    resources: [account, ...apis].filter(({ scopes }) => scopes.length > 0),
    refused: [...new Set(asked.resources.flatMap(({ refused }) => refused))],
  };
}
