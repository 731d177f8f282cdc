import { objectIn } from './upstream-fetch.js';

/** The token with which a login is rechecked later. */
export interface HeldGrant {
  readonly refreshToken: string;
  /** The subject that the refreshed ID token must name (OpenID Connect Core §12.2). */
  readonly subject: string;
  readonly issuer: string;
}

export function writeHeld({ refreshToken, subject, issuer }: HeldGrant): string {
  return JSON.stringify({ refreshToken, subject, issuer });
}

/** Null for what is none. */
export function readHeld(text: string): HeldGrant | null {
  const { refreshToken, subject, issuer } = objectIn(text) ?? {};
  const areTexts = [refreshToken, subject, issuer].every((one) => typeof one === 'string');
  return areTexts ? { refreshToken: String(refreshToken), subject: String(subject), issuer: String(issuer) } : null;
}
