import { ExtendedKeyUsage, KeyUsageFlags } from '@peculiar/x509';
import { type Certificate, parseCertificate } from './certificate.js';
import type { Anchor } from './trust-files.js';

/** A way from a client's certificate to an anchor: the client's first, the anchor's own last. */
export interface Chain {
  readonly anchor: Anchor;
  readonly certificates: readonly Certificate[];
}

/** Why a certificate counts for nothing; for the log and the audit. */
export type ChainRefusal =
  | 'certificate_malformed'
  | 'certificate_unsuited'
  | 'certificate_not_in_time'
  | 'certificate_of_no_anchor';

/** Below the anchor. */
const MAX_LENGTH = 6;
/** Many CAs of one name, each signed by the others, would make for more chains than can be tried. */
const MAX_SIGNATURES = 24;
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * Finds a way to an anchor on which every signature, date, constraint and usage is right (RFC 5280 §6). Revocation is another
 * question. Where there are several, the anchors' order decides.
 */
export function findChain(
  leaf: Certificate,
  presented: readonly Buffer[],
  anchors: readonly Anchor[],
  now: Date,
): Chain | ChainRefusal {
  if (!isInTime(leaf, now)) return 'certificate_not_in_time';
  if (!isClients(leaf)) return 'certificate_unsuited';
  const others = presented.map(parseCertificate).filter((other) => other !== null);
  const signatures = new Map<string, boolean>();
  const mayIssue = (issuer: Certificate, subject: Certificate, below: number) =>
    isInTime(issuer, now) && isAuthority(issuer, below) && hasSigned(issuer, subject, signatures);
  for (const anchor of anchors) {
    const certificates = chainTo(anchor.certificates, [leaf], others, mayIssue);
    if (certificates) return { anchor, certificates };
  }
  return 'certificate_of_no_anchor';
}

/** Depth first, over whatever the client has shown. */
function chainTo(
  trustAnchors: readonly Certificate[],
  chain: readonly Certificate[],
  others: readonly Certificate[],
  mayIssue: (issuer: Certificate, subject: Certificate, below: number) => boolean,
): Certificate[] | null {
  const last = chain.at(-1)!;
  // How many CAs stand between the candidate and the client's own.
  const below = chain.length - 1;
  const trustAnchor = trustAnchors.find((candidate) => mayIssue(candidate, last, below));
  if (trustAnchor) return [...chain, trustAnchor];
  if (chain.length >= MAX_LENGTH) return null;
  for (const candidate of others) {
    const isNew = chain.every(({ fingerprint }) => fingerprint !== candidate.fingerprint);
    if (!isNew || !mayIssue(candidate, last, below)) continue;
    const found = chainTo(trustAnchors, [...chain, candidate], others, mayIssue);
    if (found) return found;
  }
  return null;
}

/** Each pair once: every anchor asks again for what clients have shown. */
function hasSigned(issuer: Certificate, subject: Certificate, verified: Map<string, boolean>): boolean {
  if (issuer.subjectKey !== subject.issuerKey) return false;
  const pair = `${issuer.fingerprint} ${subject.fingerprint}`;
  const known = verified.get(pair) ?? (verified.size >= MAX_SIGNATURES ? false : undefined);
  if (known !== undefined) return known;
  const answer = isSignedBy(issuer, subject);
  verified.set(pair, answer);
  return answer;
}

function isSignedBy(issuer: Certificate, subject: Certificate): boolean {
  try {
    return subject.native.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function isInTime({ notBefore, notAfter }: Certificate, now: Date): boolean {
  return notBefore <= now && now <= notAfter;
}

/** It must say itself that it is for clients: one that says nothing may have been made for anything. */
function isClients({ isCa, isBeyondUs, keyUsage, extendedKeyUsage, publicKey }: Certificate): boolean {
  const maySign = keyUsage === undefined || (keyUsage & KeyUsageFlags.digitalSignature) !== 0;
  const isMeant = extendedKeyUsage?.includes(ExtendedKeyUsage.clientAuth) ?? false;
  return !isCa && !isBeyondUs && maySign && isMeant && isStrong(publicKey);
}

function isAuthority(certificate: Certificate, below: number): boolean {
  const { isCa, isBeyondUs, pathLength, keyUsage, extendedKeyUsage, publicKey } = certificate;
  const maySign = keyUsage === undefined || (keyUsage & KeyUsageFlags.keyCertSign) !== 0;
  // An authority for servers only must not vouch for clients.
  const purposes: readonly string[] = [ExtendedKeyUsage.clientAuth, ANY_PURPOSE];
  const isMeant = extendedKeyUsage?.some((usage) => purposes.includes(usage)) ?? true;
  const isDeepEnough = pathLength === undefined || below <= pathLength;
  return isCa && !isBeyondUs && maySign && isMeant && isDeepEnough && isStrong(publicKey);
}

/** NIST SP 800-57: 112 bits. */
function isStrong({ asymmetricKeyType, asymmetricKeyDetails = {} }: Certificate['publicKey']): boolean {
  const type: string = asymmetricKeyType ?? '';
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails;
  if (type === 'ec') return /^(prime256v1|secp384r1|secp521r1)$/.test(namedCurve);
  if (/^ed(25519|448)$/.test(type)) return true;
  return /^rsa(-pss)?$/.test(type) && modulusLength >= 2048;
}
