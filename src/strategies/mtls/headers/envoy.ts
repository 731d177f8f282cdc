import { unescapedPem } from './pem.js';

const PAIR = /^([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^",;=]*))$/;

/**
 * `X-Forwarded-Client-Cert` of one proxy: it must say `Cert` or `Chain` (`set_current_client_cert_details`), for a hash or a
 * subject proves no chain. Of several elements none is taken: Envoy writes a URI or DNS name of the client's certificate as it is,
 * and with a comma in it that could be a whole element of the client's own; and the last of several proxies speaks of the one before.
 */
export function readEnvoyHeader(text: string): Buffer[] | null {
  const [element = '', ...others] = split(text, ',');
  if (others.length > 0) return null;
  const fields = new Map<string, string>();
  for (const pair of split(element, ';')) {
    const [, key, quoted, plain] = PAIR.exec(pair.trim()) ?? [];
    if (key === undefined) return null;
    // `URI` and `DNS` may be repeated, and are of no interest; of two certificates which is meant cannot be told.
    if (fields.has(key.toLowerCase()) && /^c(ert|hain)$/i.test(key)) return null;
    fields.set(key.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  const [cert, chain] = ['cert', 'chain'].map((key) => {
    const value = fields.get(key);
    return value === undefined ? undefined : unescapedPem(value);
  });
  if (cert === null || chain === null || (cert ?? chain) === undefined) return null;
  if (cert && cert.length !== 1) return null;
  // The chain begins with the certificate; if it does not, it is of another.
  if (cert && chain && !cert[0]!.equals(chain[0]!)) return null;
  return chain ?? cert ?? null;
}

/** By `separator`, but not within quotes. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (isQuoted && text[at] === '\\') at += 1;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
