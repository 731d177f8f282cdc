import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { passkeyOptions, relyingPartyFrom } from './passkey-options.js';

const resolved = (values: object) =>
  Options.resolve([coreOptions, passkeyOptions], { nodeEnv: 'test', publicUrl: 'https://auth.example.com', ...values });

describe('the relying party', () => {
  it('follows from PUBLIC_URL', () => {
    const party = { rpId: 'auth.example.com', rpName: 'auth.example.com', origins: ['https://auth.example.com'] };
    expect(relyingPartyFrom(resolved({}))).toEqual(party);
  });

  it('may be a domain above, for pages and applications that are named', () => {
    const webauthnOrigins = ['https://www.example.com', 'https://example.com:8443', 'android:apk-key-hash:x-_1'];
    const options = resolved({ webauthnRpId: 'example.com', webauthnRpName: 'Example', webauthnOrigins });
    expect(relyingPartyFrom(options)).toEqual({ rpId: 'example.com', rpName: 'Example', origins: webauthnOrigins });
  });

  it('may have pages of other domains, beside its own', () => {
    const options = resolved({ webauthnRelatedOrigins: ['https://example.de', 'https://example.de'] });
    expect(relyingPartyFrom(options).origins).toEqual(['https://auth.example.com', 'https://example.de']);
  });

  it.each([
    ['a related origin without TLS', { webauthnRelatedOrigins: ['http://example.de'] }, 'WEBAUTHN_RELATED_ORIGINS'],
    ['a related origin with a path', { webauthnRelatedOrigins: ['https://example.de/'] }, 'WEBAUTHN_RELATED_ORIGINS'],
    [
      'a related origin of its own domain',
      { webauthnRelatedOrigins: ['https://auth.example.com'] },
      'WEBAUTHN_ORIGINS',
    ],
    ['a domain that is none of the origins’', { webauthnRpId: 'example.org' }, 'WEBAUTHN_RP_ID'],
    ['a look-alike', { webauthnRpId: 'example.com', webauthnOrigins: ['https://badexample.com'] }, 'WEBAUTHN_RP_ID'],
    ['an origin with a path', { webauthnOrigins: ['https://auth.example.com/'] }, 'WEBAUTHN_ORIGINS'],
    ['an origin without a scheme', { webauthnOrigins: ['auth.example.com'] }, 'WEBAUTHN_ORIGINS'],
    ['a frame that is no origin', { webauthnTopOrigins: ['*'] }, 'WEBAUTHN_TOP_ORIGINS'],
    ['a domain with a port', { webauthnRpId: 'example.com:443' }, 'WEBAUTHN_RP_ID'],
  ])('stops the start for %s', (_what, values, variable) => {
    expect(() => resolved(values)).toThrow(variable);
  });

  it('leaves a malformed PUBLIC_URL to the options that read it', () => {
    expect(() => resolved({ publicUrl: 'nowhere' })).toThrow('PUBLIC_URL');
  });
});
