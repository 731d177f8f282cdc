import { Name } from '@peculiar/x509';

/** RFC 4514 §3 has short names for these too. */
const SHORT_NAMES = { UID: '0.9.2342.19200300.100.1.1', STREET: '2.5.4.9' };
/** Commas within a value are escaped. */
const PART = /(?:\\.|[^\\,])+/gs;

/** A name of a certificate as RFC 4514 §2.1 writes it, what stands last in the certificate first: `CN=orders, O=Example`. */
export function subjectText(name: Name): string {
  const parts = new Name(name.toArrayBuffer(), SHORT_NAMES).toString().match(PART) ?? [];
  return parts
    .map((part) => part.replace(/^ /, ''))
    .reverse()
    .join(', ');
}

/** A distinguished name in the form that {@link subjectText} gives; null when it is none, or empty, or can be read in two ways. */
export function canonicalSubject(text: string): string | null {
  try {
    const canonical = readOnce(text);
    return canonical !== '' && readOnce(canonical) === canonical ? canonical : null;
  } catch {
    return null;
  }
}

function readOnce(text: string): string {
  return new Name(text, SHORT_NAMES).toString();
}
