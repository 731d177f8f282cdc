import { readFileSync, statSync } from 'node:fs';
import { X509Crl } from '@peculiar/x509';
import { type Certificate, keyOf, parseCertificate } from './certificate.js';
import { certificatesIn } from './headers/pem.js';

/** A named anchor: who may vouch for clients, and whom they have taken back. */
export interface Anchor {
  readonly name: string;
  /** CAs, each trusted by itself: during a rollover the old and the new one. */
  readonly certificates: readonly Certificate[];
  /** Null: none are published. */
  readonly lists: readonly RevocationList[] | null;
}

/** A revocation list as read; who signed it has not been checked. */
export interface RevocationList {
  readonly issuerKey: string;
  readonly parsed: X509Crl;
}

/** @throws Error for a file that cannot be read, or that holds anything but CA certificates */
export function readAnchorFile(file: string): Certificate[] {
  const blocks = certificatesIn(readFileSync(file, 'utf8'));
  if (!blocks) throw new Error(`${file} must contain PEM certificates and nothing else`);
  return blocks.map((der) => {
    const certificate = parseCertificate(der);
    if (!certificate) throw new Error(`${file} contains an entry that is not an X.509 certificate of version 3`);
    const { isCa, isBeyondUs, subject } = certificate;
    if (!isCa) throw new Error(`${file} contains the certificate "${subject}", which is not a CA certificate`);
    if (isBeyondUs)
      throw new Error(`${file}: the certificate "${subject}" has unsupported constraints or an insecure hash`);
    return certificate;
  });
}

const CRL_BLOCK = /-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g;

/** PEM, one or several, or DER. @throws Error for a file that cannot be read */
export function readListFile(file: string): RevocationList[] {
  const bytes = readFileSync(file);
  const blocks = bytes.toString('latin1').match(CRL_BLOCK);
  try {
    return (blocks ?? [bytes]).map((block) => {
      const parsed = new X509Crl(typeof block === 'string' ? block : new Uint8Array(block));
      return { issuerKey: keyOf(parsed.issuerName), parsed };
    });
  } catch (cause) {
    throw new Error(`${file} does not contain a certificate revocation list`, { cause });
  }
}

/** Another text whenever one of the files was written or replaced. */
export function stampOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat ? `${stat.ino}:${stat.size}:${stat.mtimeMs}` : 'absent';
    })
    .join('|');
}
