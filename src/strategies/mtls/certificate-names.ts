import type { Certificate } from './certificate.js';
import { canonicalSubject } from './certificate-subject.js';

/** The kinds of names in a certificate that can stand for a service user. */
export const NAME_KINDS = ['spiffe', 'uri', 'dns', 'subject'] as const;

export type NameKind = (typeof NAME_KINDS)[number];

export interface CertificateName {
  readonly kind: NameKind;
  readonly value: string;
}

/** By SPIFFE's own limit, which also leaves room for it in an index. In UTF-8. */
const MAX_BYTES = 2048;
/** A certificate with more names is made for a crowd, not for a service. */
const MAX_NAMES = 100;
/** SPIFFE-ID §2: a trust domain and a path without dots, query, fragment, port or user. */
const SPIFFE_ID = /^spiffe:\/\/[a-z0-9._-]{1,255}(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)*$/;
const DNS_NAME = /^(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** All that a certificate calls its holder. A name is compared whole: a wildcard stands for itself. */
export function namesOf({ uris, dnsNames, subject }: Certificate): CertificateName[] {
  const spiffe = uris.filter((uri) => /^spiffe:/i.test(uri));
  // X509-SVID §2: exactly one URI. With several it is no SPIFFE certificate, and which one is meant cannot be told.
  const isSpiffe = spiffe.length === 1 && uris.length === 1;
  const names = [
    ...(isSpiffe ? spiffe.map((value) => ({ kind: 'spiffe' as const, value })) : []),
    ...uris.filter((uri) => !spiffe.includes(uri)).map((value) => ({ kind: 'uri' as const, value })),
    ...dnsNames.map((value) => ({ kind: 'dns' as const, value })),
    ...(subject === '' ? [] : [{ kind: 'subject' as const, value: subject }]),
  ];
  return names.length > MAX_NAMES ? [] : names;
}

/** The value in the form in which it is compared; null for what no certificate can say in such a place, and beyond 2,048 bytes. */
export function canonicalName(kind: NameKind, text: string): string | null {
  if (isTooLong(text)) return null;
  const canonical = canonicalOf(kind, text);
  return canonical === null || isTooLong(canonical) ? null : canonical;
}

function isTooLong(text: string): boolean {
  return Buffer.byteLength(text) > MAX_BYTES;
}

function canonicalOf(kind: NameKind, text: string): string | null {
  if (kind === 'subject') return canonicalSubject(text);
  if (kind === 'dns') return DNS_NAME.test(text.toLowerCase()) ? text.toLowerCase() : null;
  if (kind === 'spiffe') return SPIFFE_ID.test(text) ? text : null;
  return /^[\x21-\x7e]+$/.test(text) && URL.canParse(text) && !/^spiffe:/i.test(text) ? text : null;
}
