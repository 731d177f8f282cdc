import { domainToASCII } from 'node:url';

const MAX_LENGTH = 254;
// RFC 5321 dot-string: no quotes, no comments, no route, so that no mailer can read several or another address out of it.
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ASCII_OR_LETTER = /^[\p{L}\p{N}\p{M}.-]+$/u;

/**
 * The one canonical form of an e-mail address: domain as lower-case A-label, local part in lower-case ASCII, nothing else
 * changed; null for whatever is not exactly one plain address. Canonicalised once, then validated, then stored: what is
 * mailed to is always this form.
 */
export function canonicalEmail(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return null;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const typedDomain = text.slice(at + 1);
  if (at < 1 || local.length > 64 || !LOCAL_PART.test(local)) return null;
  // NFC only: a full-width letter (NFKC) would silently become another domain (CVE-2026-73420, CVE-2019-19844).
  if (typedDomain.normalize('NFKC') !== typedDomain || !ASCII_OR_LETTER.test(typedDomain)) return null;
  const domain = domainToASCII(typedDomain);
  if (!DOMAIN.test(domain)) return null;
  const email = `${local.toLowerCase()}@${domain}`;
  return email.length > MAX_LENGTH ? null : email;
}
