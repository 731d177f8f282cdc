import { domainToASCII, domainToUnicode } from 'node:url';

const MAX_LENGTH = 254;
// RFC 5321 dot-string: no quotes, no comments, no route, so that no mailer can read several or another address out of it.
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one canonical form of an e-mail address: domain as lower-case A-label, local part in lower-case ASCII, nothing else
 * changed; null for whatever is not exactly one plain address. Canonicalised once, then validated, then stored: what is
 * mailed to is always this form.
 */
export function canonicalEmail(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return null;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  if (at < 1 || local.length > 64 || !LOCAL_PART.test(local)) return null;
  const domain = canonicalDomain(text.slice(at + 1));
  if (domain === null) return null;
  const email = `${local.toLowerCase()}@${domain}`;
  return email.length > MAX_LENGTH ? null : email;
}

/** Why {@link canonicalEmail} takes a text for no address, as its writer is told; goes on after the name of a field. Names nothing of the text. */
export function addressProblem(text: unknown): string {
  const at = typeof text === 'string' ? text.lastIndexOf('@') : -1;
  if (typeof text !== 'string' || at < 1) return 'must be a single plain e-mail address';
  const local = text.slice(0, at);
  if (text.length > MAX_LENGTH || local.length > 64)
    return `must be an e-mail address of at most ${MAX_LENGTH} characters, 64 of them before the @`;
  if (/\P{ASCII}/u.test(local))
    return 'must be an e-mail address with only ASCII characters before the @: internationalized ones (RFC 6531) are not supported';
  if (/^\.|\.\.|\.$/.test(local))
    return 'must be an e-mail address without a dot at the start or the end, or two dots in a row, before the @ (RFC 5321)';
  if (LOCAL_PART.test(local) && canonicalDomain(text.slice(at + 1)) === null)
    return 'must be an e-mail address with a domain name after the @';
  return 'must be a single plain e-mail address, without a name, quotes, comments or spaces';
}

/**
 * The A-labels of a domain typed in either of its two spellings. UTS #46 maps more than letter case: full-width letters,
 * long s, soft hyphens, variation selectors. A typed domain it would change into another one is another person's
 * (CVE-2026-73420, CVE-2019-19844), so what comes back must be what was typed.
 */
function canonicalDomain(typed: string): string | null {
  // As nearly all are: UTS #46 leaves lower-case ASCII as it is, but for A-labels.
  if (DOMAIN.test(typed) && !typed.includes('xn--')) return typed;
  // A Kelvin sign even lower-cases to a k.
  if (typed.normalize('NFKC') !== typed) return null;
  const domain = domainToASCII(typed);
  if (!DOMAIN.test(domain)) return null;
  const ascii = domain.split('.');
  const unicode = domainToUnicode(domain).split('.');
  const labels = typed.toLowerCase().split('.');
  const unchanged = labels.every((label, i) => label === ascii[i] || label === unicode[i]);
  return unchanged && labels.length === ascii.length ? domain : null;
}
