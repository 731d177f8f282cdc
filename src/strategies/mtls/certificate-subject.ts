import type { Name } from '@peculiar/x509';

/** RFC 4514 §3, and what authorities use besides. Of two for one attribute the first is written. */
const TYPES: readonly (readonly [name: string, identifier: string])[] = [
  ['CN', '2.5.4.3'],
  ['L', '2.5.4.7'],
  ['ST', '2.5.4.8'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
  ['C', '2.5.4.6'],
  ['STREET', '2.5.4.9'],
  ['DC', '0.9.2342.19200300.100.1.25'],
  ['UID', '0.9.2342.19200300.100.1.1'],
  ['E', '1.2.840.113549.1.9.1'],
  ['EMAILADDRESS', '1.2.840.113549.1.9.1'],
  ['SERIALNUMBER', '2.5.4.5'],
  ['SN', '2.5.4.4'],
  ['G', '2.5.4.42'],
  ['GN', '2.5.4.42'],
  ['I', '2.5.4.43'],
  ['T', '2.5.4.12'],
];
const PART = /^\s*([A-Za-z]+|\d+(?:\.\d+)+)\s*=\s*((?:\\.|[^\\])*?)\s*$/su;
const HEXADECIMAL = /^#(?:[0-9a-f]{2})+$/i;
/** PostgreSQL takes neither NUL nor half a character, and a name with a line break is one to deceive. */
const WELL_FORMED = /^[^\p{Cc}\p{Cs}]*$/u;

/**
 * A name of a certificate as RFC 4514 §2.1 writes it, what stands last in the certificate first: `CN=orders, O=Example`; `''`
 * when it is empty, null when it cannot be written so.
 */
export function subjectText(name: Name): string | null {
  const text = name.toString();
  return text === '' ? '' : written(split(text, ',').reverse());
}

/** A distinguished name, as an admin gives it, in the form of {@link subjectText}; null when it is none. */
export function canonicalSubject(text: string): string | null {
  return written(split(text, ','));
}

function written(parts: readonly string[]): string | null {
  const canonical = parts.map((part) => {
    const attributes = split(part, '+').map(attribute);
    return attributes.includes(null) ? null : attributes.sort().join('+');
  });
  return canonical.includes(null) ? null : canonical.join(', ');
}

/** By `separator`, where it is not escaped. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  for (const [token] of text.matchAll(/\\.|./gsu)) {
    if (token === separator) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function attribute(text: string): string | null {
  const [, type, value] = PART.exec(text) ?? [];
  const known = TYPES.find(([name, identifier]) => name === type?.toUpperCase() || identifier === type);
  const identifier = known?.[1] ?? (type?.includes('.') ? type : null);
  if (!identifier || !value) return null;
  const name = TYPES.find((each) => each[1] === identifier)?.[0] ?? identifier;
  if (value.startsWith('#')) return HEXADECIMAL.test(value) ? `${name}=${value.toLowerCase()}` : null;
  const plain = unescaped(value);
  return plain === null || !WELL_FORMED.test(plain) ? null : `${name}=${escaped(plain)}`;
}

/** RFC 4514 §3. Null for what would have to be escaped, and is not. */
function unescaped(value: string): string | null {
  // A space at the end that is escaped was cut off from its backslash.
  const whole = /(^|[^\\])(\\\\)*\\$/.test(value) ? `${value} ` : value;
  if (/["<>;]/.test(whole.replace(/\\./gsu, ''))) return null;
  try {
    return whole.replace(/(?:\\[0-9a-f]{2})+|\\(.)/gisu, (bytes, special: string | undefined) => {
      if (special !== undefined) return special;
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes.replaceAll('\\', ''), 'hex'));
    });
  } catch {
    return null;
  }
}

/** RFC 4514 §2.4. */
function escaped(plain: string): string {
  return plain.replace(/["+,;<>\\]/g, '\\$&').replace(/^[ #]| $/g, '\\$&');
}
