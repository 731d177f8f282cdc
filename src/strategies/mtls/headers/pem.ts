const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** The DER of every certificate in a PEM text; null when it holds anything else, or nothing. */
export function certificatesIn(pem: string): Buffer[] | null {
  if (pem.replace(BLOCK, '').trim() !== '') return null;
  const blocks = [...pem.matchAll(BLOCK)].map(([, base64]) => Buffer.from(base64!, 'base64'));
  return blocks.length > 0 ? blocks : null;
}

/** A PEM text as proxies escape it for a header; null when it is not escaped rightly. */
export function unescapedPem(text: string): Buffer[] | null {
  try {
    return certificatesIn(decodeURIComponent(text));
  } catch {
    return null;
  }
}
