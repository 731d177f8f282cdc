import type { OAuthResource } from '../resources/oauth-resource.js';
import { allowable, allowedByResource, askedScopes } from './asked-scopes.js';
import { grantWith } from './granted-payload.js';

const API: OAuthResource = {
  uri: 'https://api.example.com',
  name: 'API',
  scopes: { read: 'Read', write: 'Write', admin: 'All' },
  accessTokenSeconds: 300,
  operatorClientId: null,
  origin: 'admin',
};
const asking = (scope: string, mayHold: (scope: string) => boolean = () => true) =>
  askedScopes({ scope, resources: [{ resource: API, available: new Set(['read', 'write', 'admin']) }], mayHold });

describe('what a client asks of a user', () => {
  it('is told apart by whose it is; what is not known is left out', () => {
    const asked = asking('openid email read unknown');
    expect(asked).toEqual({
      openid: ['openid', 'email'],
      resources: [{ resource: API, scopes: ['read'], refused: [] }],
    });
    expect(allowable(asked)).toEqual(['openid', 'email', 'read']);
    expect(allowedByResource(asked, new Set(['openid', 'read']))).toEqual({ openid: ['openid'], [API.uri]: ['read'] });
  });

  it('is without what the user may not hand out', () => {
    const { resources } = asking('read admin', (scope) => scope !== 'admin');
    expect(resources).toEqual([{ resource: API, scopes: ['read'], refused: ['admin'] }]);
  });

  it.each([undefined, null, 5, ['openid'], ''])('is nothing for %j', (scope) => {
    expect(askedScopes({ scope, resources: [], mayHold: () => true })).toEqual({ openid: [], resources: [] });
  });
});

describe('a grant with an answer in it', () => {
  const asked = asking('openid email read write admin', (scope) => scope !== 'admin');

  it('holds what was allowed, and remembers what was not', () => {
    expect(grantWith({}, { asked, allowed: new Set(['openid', 'read']), claims: [] })).toEqual({
      openid: { scope: 'openid' },
      resources: { [API.uri]: 'read' },
      rejected: { openid: { scope: 'email' }, resources: { [API.uri]: 'write admin' } },
    });
  });

  it('keeps what was allowed before; a later answer wins over an earlier one', () => {
    const before = {
      openid: { scope: 'openid profile', claims: ['email'] },
      resources: { [API.uri]: 'write', 'https://other.example.com': 'x' },
      rejected: { openid: { scope: 'email' }, resources: { [API.uri]: 'read' } },
    };
    const { openid, resources, rejected } = grantWith(before, {
      asked,
      allowed: new Set(['openid', 'email', 'read']),
      claims: ['name'],
    });
    expect(openid).toEqual({ scope: 'openid profile email', claims: ['email', 'name'] });
    expect(resources).toEqual({ [API.uri]: 'read', 'https://other.example.com': 'x' });
    expect(rejected).toEqual({ resources: { [API.uri]: 'write admin' } });
  });

  it('never holds what the user may not hand out, allowed or not', () => {
    const { resources } = grantWith({}, { asked, allowed: new Set(['openid', 'admin']), claims: [] });
    expect(resources).toBeUndefined();
  });
});
