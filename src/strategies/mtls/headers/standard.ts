/** RFC 8941 §3.3.5, a byte sequence: `:<base64>:`. Parameters have no meaning here, so none is taken. */
const BYTES = /^:([A-Za-z0-9+/]+={0,2}):$/;

/** The DER in a `Client-Cert` header; null when it is none. @see RFC 9440 §2.2 */
export function readStandardHeader(text: string): Buffer | null {
  const base64 = BYTES.exec(text.trim())?.[1];
  return base64 === undefined ? null : Buffer.from(base64, 'base64');
}

/** The list in `Client-Cert-Chain`, perhaps empty; null when one of them is none. @see RFC 9440 §2.3 */
export function readStandardList(text: string): Buffer[] | null {
  if (text.trim() === '') return [];
  const items = text.split(',').map(readStandardHeader);
  return items.includes(null) ? null : (items as Buffer[]);
}
