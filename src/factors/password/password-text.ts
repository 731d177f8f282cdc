/**
 * The form of a password that is judged and hashed: NFKC (NIST SP 800-63B, "normalization process for stabilized strings"), so that one
 * keyboard's composed letters are another's decomposed ones. ASCII stays as it is.
 */
export function normalizedPassword(text: string): string {
  return text.normalize('NFKC');
}
