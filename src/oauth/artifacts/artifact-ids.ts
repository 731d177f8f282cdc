import { createHash } from 'node:crypto';

/** The form of the library's ids; any other text never was one. */
const ID = /^[A-Za-z0-9_-]{10,128}$/;

/** Characters that tell the tokens of clients apart, so that looking one up as another kind asks no store. */
export const ID_LENGTHS = {
  AuthorizationCode: 43,
  RefreshToken: 43,
  AccessToken: 44,
  ClientCredentials: 45,
  DeviceCode: 43,
} as const;

/** Whether something a client sent can be the id of an artifact of this kind at all. */
export function isIdOf(kind: string, id: string): boolean {
  const length: number | undefined = (ID_LENGTHS as Record<string, number>)[kind];
  return ID.test(id) && (length === undefined || id.length === length);
}

/** SHA-256, base64url. */
export function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

/** Stands in addresses that are kept for the id of what they are kept with. */
const OWN_ID = ':id';

/** An address as it may be kept with what it leads to, whose id opens it. */
export function withoutId(address: string, id: string): string {
  return address.replace(id, OWN_ID);
}

/** The address with its id again, after {@link withoutId} has shortened it. */
export function withId(address: string, id: string): string {
  return address.replace(OWN_ID, id);
}
