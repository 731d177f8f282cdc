import { hashSecret, mintSecretToken } from './secret-token.js';
import { VerifiedSecretCache } from './verified-secret-cache.js';

describe('proven secrets', () => {
  it('match as often as asked, and no other secret does, before or after', () => {
    const proven = new VerifiedSecretCache();
    const { secret, secretHash } = mintSecretToken();
    const other = mintSecretToken().secret;
    expect(proven.matches(other, secretHash)).toBe(false);
    for (let time = 0; time < 3; time++) expect(proven.matches(secret, secretHash)).toBe(true);
    expect(proven.matches(other, secretHash)).toBe(false);
    for (const wrong of ['', secret.slice(1), `${secret}A`, `${secret.slice(0, 42)}~`])
      expect(proven.matches(wrong, secretHash)).toBe(false);
    expect(proven.size).toBe(1);
  });

  it('match no null hash, and no hash of another session', () => {
    const proven = new VerifiedSecretCache();
    const { secret, secretHash } = mintSecretToken();
    proven.matches(secret, secretHash);
    expect(proven.matches(secret, null)).toBe(false);
    expect(proven.matches(secret, hashSecret('another'))).toBe(false);
  });

  it('are no more than may be kept, and right all the same when one was dropped', () => {
    const proven = new VerifiedSecretCache(2);
    const minted = Array.from({ length: 3 }, () => mintSecretToken());
    for (let time = 0; time < 2; time++)
      for (const { secret, secretHash } of minted) expect(proven.matches(secret, secretHash)).toBe(true);
    expect(proven.size).toBe(2);
  });
});
