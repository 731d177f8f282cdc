import type { components } from '../api.js';

type Creation = components['schemas']['CreationOptionsReply'];
type Request = components['schemas']['RequestOptionsReply'];

/** What `navigator.credentials` does: have a credential made, or have one prove its user. */
export type Ceremony = 'create' | 'get';

/** What a browser of the last years knows by itself. */
type OwnParsers = { readonly [name: string]: ((options: Creation | Request) => Options) | undefined };

/** Of either ceremony. */
type Options = PublicKeyCredentialCreationOptions & PublicKeyCredentialRequestOptions;

/** The service's options as a browser takes them. */
export const optionsOf = (ceremony: Ceremony, options: Creation | Request): Options =>
  (PublicKeyCredential as unknown as OwnParsers)[
    ceremony === 'get' ? 'parseRequestOptionsFromJSON' : 'parseCreationOptionsFromJSON'
  ]?.(options) ?? withBytes(options);

/** A credential as the service takes it: of browsers that cannot say it themselves, what it looks at. They name the parts alike. */
export function credentialJson(given: Credential): Record<string, unknown> {
  const credential = given as Omit<PublicKeyCredential, 'toJSON'> & { toJSON?: () => Record<string, unknown> };
  if (credential.toJSON) return credential.toJSON();
  const { id, type } = credential;
  // The bytes, whichever they are: in a creation others than in a request.
  const told = credential.response as AuthenticatorAttestationResponse & Record<string, unknown>;
  const response: Record<string, unknown> = {};
  for (const part in told) {
    const bytes = told[part];
    if (bytes instanceof ArrayBuffer) response[part] = textOf(bytes);
  }
  if (told.getTransports) response.transports = told.getTransports();
  return { id, rawId: id, type, response };
}

/** Every challenge and every id is bytes, but that of the service: it is a domain. */
function withBytes({ rp, ...options }: Partial<Creation> & object): Options {
  const text = JSON.stringify(options);
  return { ...JSON.parse(text, (key, value) => (/^(challenge|id)$/.test(key) ? bytesOf(value) : value)), rp };
}

function bytesOf(text: string): Uint8Array {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer | Uint8Array): string {
  const binary = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}
