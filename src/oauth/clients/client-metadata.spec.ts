import { generateKeyPairSync } from 'node:crypto';
import { checkedMetadata } from './client-metadata.js';

const ALL = { allowsRs256: true, readsCertificates: true };
const WEB = { redirect_uris: ['https://a.example.com/cb'] };

function fieldsOf(given: object, bounds = ALL): string[] {
  return (checkedMetadata({ ...WEB, ...given }, bounds).problems ?? []).map(({ field }) => field);
}

describe('client metadata', () => {
  it.each([
    'https://a.example.com',
    'https://a.example.com/cb?x=1&y=%20',
    'https://localhost:8443/cb',
    'http://localhost/cb',
    'http://127.0.0.1:4000/cb',
    'http://[::1]/cb',
    'com.example.app:/cb',
    'com.example.app://cb',
  ])('takes %s to return users to', (uri) => {
    expect(fieldsOf({ redirect_uris: [uri] })).toEqual([]);
  });

  it.each([
    'http://a.example.com',
    'http://localhost.a.example.com/',
    'http://127.0.0.1.a.example.com/',
    'https:a.example.com',
    'https:///a.example.com',
    'https://',
    'https://a.example.com\\@b.example.com',
    'https://a.example.com@b.example.com',
    'https://a.example.com/ b',
    'https://a.example.com/\n',
    'https://ä.example.com/',
    'https://*.example.com',
    'https://a.example.com/#',
    'HTTPS_//a.example.com',
    'example:/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'blob:https://a.example.com',
    '//a.example.com',
    '',
  ])('does not take %j', (uri) => {
    expect(fieldsOf({ redirect_uris: [uri] })).toEqual(['redirect_uris']);
  });

  it('tells all that is wrong at once', () => {
    const wrong = { redirect_uris: ['x'], post_logout_redirect_uris: ['y'], contacts: [1], default_max_age: -1 };
    expect(fieldsOf(wrong).sort()).toEqual([
      'contacts',
      'default_max_age',
      'post_logout_redirect_uris',
      'redirect_uris',
    ]);
  });

  it('compares loopback addresses of native applications without their ports, and keeps web ones apart', () => {
    const typeOf = (given: object) => checkedMetadata({ ...WEB, ...given }, ALL).metadata?.application_type;
    expect(typeOf({})).toBe('web');
    expect(typeOf({ redirect_uris: ['http://127.0.0.1/cb'] })).toBe('web');
    expect(typeOf({ redirect_uris: ['http://127.0.0.1/cb'], token_endpoint_auth_method: 'none' })).toBe('native');
    expect(typeOf({ redirect_uris: ['com.example.app:/cb', 'https://a.example.com/cb'] })).toBe('native');
    expect(fieldsOf({ redirect_uris: ['com.example.app:/cb', 'https://localhost/cb'] })).toEqual(['redirect_uris']);
  });

  it('keeps nothing that it does not know, and no scope', () => {
    const { metadata } = checkedMetadata(
      { ...WEB, scope: 'a', client_secret: 'x', client_id: 'y', request_uris: [], z: 1 },
      ALL,
    );
    for (const field of ['scope', 'client_secret', 'client_id', 'request_uris', 'z'])
      expect(metadata).not.toHaveProperty(field);
  });

  it('asks for certificates only where they are read', () => {
    const none = { ...ALL, readsCertificates: false };
    const bound = { tls_client_certificate_bound_access_tokens: true };
    expect([fieldsOf(bound), fieldsOf(bound, none)]).toEqual([[], ['tls_client_certificate_bound_access_tokens']]);
    const named = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'a.example.com' };
    expect([fieldsOf(named), fieldsOf(named, none)]).toEqual([[], ['token_endpoint_auth_method']]);
    expect(fieldsOf({ ...named, tls_client_auth_san_uri: 'b' })).toEqual(['tls_client_auth_subject_dn']);
    expect(fieldsOf({ tls_client_auth_san_dns: 'a' })).toEqual(['tls_client_auth_san_dns']);
  });

  it('takes public keys that can be read, and RSA of 2,048 bits or more', () => {
    const jwkOf = (bits: number) =>
      generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
    const withKey = (key: object) => fieldsOf({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } });
    expect([withKey(jwkOf(2048)), withKey(jwkOf(1024)), withKey({ ...jwkOf(2048), alg: 'HS256' })]).toEqual([
      [],
      ['jwks'],
      ['jwks'],
    ]);
    const secret = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    expect(withKey(secret)).toEqual(['jwks']);
  });
});
