import 'reflect-metadata';
import { hash, type KeyObject, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  type Name,
  X509Certificate as ParsedCertificate,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import { subjectText } from './certificate-subject.js';

/** The content of a certificate, read but not verified. */
export interface Certificate {
  readonly der: Buffer;
  /** SHA-256 of the DER, base64url (43 characters): RFC 8705's `x5t#S256`. */
  readonly thumbprint: string;
  /** The same in hexadecimal (64 characters), as `openssl x509 -fingerprint -sha256` shows it but for the colons. */
  readonly fingerprint: string;
  /** RFC 4514, e.g. `CN=orders, O=Example`; empty when it has none. */
  readonly subject: string;
  /** RFC 4514. */
  readonly issuer: string;
  /** See {@link certificateIdentity}. */
  readonly identity: string;
  /** DER of the names, in hexadecimal: compared byte for byte. */
  readonly subjectKey: string;
  readonly issuerKey: string;
  /** Hexadecimal, without leading zeros. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isCa: boolean;
  /** How many CAs may stand below it; undefined: any number. */
  readonly pathLength: number | undefined;
  /** Bits of `KeyUsageFlags`; undefined: it does not say. */
  readonly keyUsage: number | undefined;
  /** Object identifiers; undefined: it does not say. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly uris: readonly string[];
  /** In lower case. */
  readonly dnsNames: readonly string[];
  /** Whether it demands what is not understood here, name constraints among it. */
  readonly isBeyondUs: boolean;
  /** For the signature on it. */
  readonly native: X509Certificate;
  readonly publicKey: KeyObject;
  readonly parsed: ParsedCertificate;
}

/** RFC 5280 §4.2: basic constraints, key usage, extended key usage, alternative names, and those that ask nothing of a verifier. */
const UNDERSTOOD = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.17', '2.5.29.14', '2.5.29.35']);
const NAME_CONSTRAINTS = '2.5.29.30';
/** By name, for of the others collisions can be made to order, or nothing is known. Edwards curves bring their own. */
const HASHES = new Set(['SHA-256', 'SHA-384', 'SHA-512']);
const HAS_OWN_HASH = /^Ed(25519|448|DSA)$/;

/** Of a name that an admin can still write. */
export const MAX_ISSUER_CHARACTERS = 4096;

/** PostgreSQL takes neither NUL nor half a character. */
const WELL_FORMED = /^[^\p{Cc}\p{Cs}]*$/u;

/** Null for what is no X.509 certificate of version 3. Whatever its bytes are, it does not throw. */
export function parseCertificate(der: Buffer): Certificate | null {
  try {
    const native = new X509Certificate(der);
    // What follows the certificate would be part of its fingerprint, and of nothing that is signed.
    return native.raw.equals(der) ? read(native, new ParsedCertificate(native.raw)) : null;
  } catch {
    return null;
  }
}

function read(native: X509Certificate, parsed: ParsedCertificate): Certificate | null {
  const subject = subjectText(parsed.subjectName);
  const issuer = subjectText(parsed.issuerName);
  const serialNumber = canonicalSerialNumber(native.serialNumber);
  // What cannot be written cannot be revoked either.
  if (subject === null || !issuer || issuer.length > MAX_ISSUER_CHARACTERS || serialNumber === null) return null;
  const der = native.raw;
  const constraints = parsed.getExtension(BasicConstraintsExtension);
  const names = parsed.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  const namesOf = (kind: string) =>
    names.filter(({ type, value }) => type === kind && WELL_FORMED.test(value)).map(({ value }) => value);
  const fingerprint = hash('sha256', der, 'hex');
  return {
    der,
    fingerprint,
    thumbprint: Buffer.from(fingerprint, 'hex').toString('base64url'),
    subject,
    issuer,
    identity: certificateIdentity(issuer, serialNumber),
    subjectKey: keyOf(parsed.subjectName),
    issuerKey: keyOf(parsed.issuerName),
    serialNumber,
    notBefore: parsed.notBefore,
    notAfter: parsed.notAfter,
    isCa: constraints?.ca ?? false,
    pathLength: constraints?.pathLength,
    keyUsage: parsed.getExtension(KeyUsagesExtension)?.usages,
    extendedKeyUsage: parsed.getExtension(ExtendedKeyUsageExtension)?.usages.map(String),
    uris: namesOf('url'),
    dnsNames: namesOf('dns').map((name) => name.toLowerCase()),
    isBeyondUs: isBeyondUs(parsed),
    native,
    // Of an algorithm that is none it throws.
    publicKey: native.publicKey,
    parsed,
  };
}

function isBeyondUs({ extensions, signatureAlgorithm }: ParsedCertificate): boolean {
  const kinds = extensions.map(({ type }) => type);
  const isUnderstood = extensions.every(({ type, critical }) => !critical || UNDERSTOOD.has(type));
  const hasTwice = new Set(kinds).size < kinds.length;
  const { name, hash: digest } = signatureAlgorithm as { name: string; hash?: { name?: string } };
  const isSafe = digest?.name === undefined ? HAS_OWN_HASH.test(name) : HASHES.has(digest.name);
  return !isUnderstood || hasTwice || kinds.includes(NAME_CONSTRAINTS) || !isSafe;
}

/**
 * The identity of a certificate, however its signature is written: an authority gives each number once (RFC 5280 §4.1.2.2). A fingerprint would
 * not do: with ECDSA the holder of a certificate can write another, signed (r, n - s), that is as good.
 *
 * @returns SHA-256 of both, hexadecimal (64 characters)
 */
export function certificateIdentity(issuer: string, serialNumber: string): string {
  return hash('sha256', `${serialNumber}\n${issuer}`, 'hex');
}

/** As in {@link Certificate.serialNumber}, also of how OpenSSL writes it (`4F:2A`); null for what is none, or of more than 32 bytes. */
export function canonicalSerialNumber(text: string): string | null {
  const digits = text
    .replaceAll(':', '')
    .toLowerCase()
    .replace(/^0+(?=.)/, '');
  return /^[0-9a-f]{1,64}$/.test(digits) ? digits : null;
}

/** For comparing names of issuers and subjects. */
export function keyOf(name: Name): string {
  return Buffer.from(name.toArrayBuffer()).toString('hex');
}
