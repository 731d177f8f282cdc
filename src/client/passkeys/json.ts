import type { components } from '../api.js';

type Creation = components['schemas']['CreationOptionsReply'];
type Request = components['schemas']['RequestOptionsReply'];
type Described = components['schemas']['CredentialDescriptorReply'];

/** What a browser of the last years knows by itself. */
interface OwnParsers {
  readonly parseCreationOptionsFromJSON?: (options: Creation) => PublicKeyCredentialCreationOptions;
  readonly parseRequestOptionsFromJSON?: (options: Request) => PublicKeyCredentialRequestOptions;
}

const own = () => PublicKeyCredential as unknown as OwnParsers;

export function creationOf(options: Creation): PublicKeyCredentialCreationOptions {
  const parsed = own().parseCreationOptionsFromJSON?.(options);
  return (
    parsed ??
    ({
      ...options,
      challenge: bytesOf(options.challenge),
      user: { ...options.user, id: bytesOf(options.user.id) },
      excludeCredentials: descriptorsOf(options.excludeCredentials),
    } as PublicKeyCredentialCreationOptions)
  );
}

export function requestOf(options: Request): PublicKeyCredentialRequestOptions {
  const parsed = own().parseRequestOptionsFromJSON?.(options);
  return (
    parsed ??
    ({
      ...options,
      challenge: bytesOf(options.challenge),
      allowCredentials: descriptorsOf(options.allowCredentials),
    } as PublicKeyCredentialRequestOptions)
  );
}

/** A credential as the service takes it. Browsers that cannot say it themselves name the parts alike. */
export function credentialJson(given: Credential): Record<string, unknown> {
  const credential = given as Omit<PublicKeyCredential, 'toJSON'> & { toJSON?: () => Record<string, unknown> };
  if (credential.toJSON) return credential.toJSON();
  const { id, rawId, type, authenticatorAttachment } = credential;
  const told = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const response: Record<string, unknown> = {};
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'] as const)
    if (told[part]) response[part] = textOf(told[part]);
  if (told.getTransports) response.transports = told.getTransports();
  const extensions = credential.getClientExtensionResults();
  return { id, rawId: textOf(rawId), type, authenticatorAttachment, clientExtensionResults: extensions, response };
}

function descriptorsOf(described: readonly Described[]): object[] {
  return described.map((one) => ({ ...one, id: bytesOf(one.id) }));
}

function bytesOf(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer | Uint8Array): string {
  const binary = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
