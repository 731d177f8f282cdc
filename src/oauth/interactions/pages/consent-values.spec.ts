import type { AuthUser } from '../../../kernel/auth-context.js';
import type { Interaction } from '../interactions.js';
import { consentValues } from './consent-values.js';

const ADA = { id: 'ada', email: 'ada@example.com', name: null } as AuthUser;
const OWN = {
  uri: 'https://auth.example.com',
  name: 'Shop',
  scopes: { openid: '', 'orders:read': '', mail: 'Send mail' },
};

function shown(openid: readonly string[], scopes: readonly string[]) {
  const asked = { openid, resources: [{ resource: OWN, scopes, refused: [] }] };
  const interaction = { uid: 'uid', client: { name: 'Agent', host: null }, asked, redirect: null, isOfDevice: true };
  return consentValues(interaction as unknown as Interaction, ADA).resources;
}

describe('the page of consent', () => {
  it('asks once for a scope that is asked of the account and of an API', () => {
    expect(shown(['openid'], ['openid', 'mail'])).toEqual([
      { name: null, uri: null, scopes: [{ name: 'openid', word: 'oauth-scope.openid', text: null, isChoice: false }] },
      { name: 'Shop', uri: OWN.uri, scopes: [{ name: 'mail', word: null, text: 'Send mail', isChoice: true }] },
    ]);
    expect(shown(['openid'], ['openid'])).toHaveLength(1);
  });

  it('says what a scope does: its description, the word of OpenID Connect, or its name', () => {
    const [api] = shown([], ['openid', 'orders:read']);
    expect(api!.scopes).toMatchObject([
      { word: 'oauth-scope.openid', text: null },
      { word: null, text: 'orders:read' },
    ]);
  });
});
