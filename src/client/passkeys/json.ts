import type { components } from '../api.js';

type Creation = components['schemas']['CreationOptionsReply'];
type Request = components['schemas']['RequestOptionsReply'];

/** What a browser of the last years knows by itself. */
interface OwnParsers {
  readonly parseCreationOptionsFromJSON?: (options: Creation) => PublicKeyCredentialCreationOptions;
  readonly parseRequestOptionsFromJSON?: (options: Request) => PublicKeyCredentialRequestOptions;
}

const own = () => PublicKeyCredential as unknown as OwnParsers;

export const creationOf = (options: Creation): PublicKeyCredentialCreationOptions =>
  own().parseCreationOptionsFromJSON?.(options) ?? withBytes(options);

export const requestOf = (options: Request): PublicKeyCredentialRequestOptions =>
  own().parseRequestOptionsFromJSON?.(options) ?? withBytes(options);

/** A credential as the service takes it. Browsers that cannot say it themselves name the parts alike. */
export function credentialJson(given: Credential): Record<string, unknown> {
  const credential = given as Omit<PublicKeyCredential, 'toJSON'> & { toJSON?: () => Record<string, unknown> };
  if (credential.toJSON) return credential.toJSON();
  const { id, type, authenticatorAttachment } = credential;
  // The bytes, whichever they are: in a creation others than in a request.
  const told = credential.response as AuthenticatorAttestationResponse & Record<string, unknown>;
  const response: Record<string, unknown> = {};
  for (const part in told) {
    const bytes = told[part];
    if (bytes instanceof ArrayBuffer) response[part] = textOf(bytes);
  }
  if (told.getTransports) response.transports = told.getTransports();
  const extensions = credential.getClientExtensionResults();
  return { id, rawId: id, type, authenticatorAttachment, clientExtensionResults: extensions, response };
}

/** Every challenge and every id is bytes, but that of the service: it is a domain. */
function withBytes<T>({ rp, ...options }: Partial<Creation> & object): T {
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
