/** Of a text's UTF-8 bytes. */
export function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** Null unless it is the one spelling of these bytes: one token must not have several texts (RFC 4648 §3.5). */
export function canonicalBytes(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

/** The JSON value of a payload; null when it is no JSON. */
export function parsed(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return null;
  }
}
