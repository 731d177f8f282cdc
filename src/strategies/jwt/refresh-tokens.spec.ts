import { randomUUID } from 'node:crypto';
import { SecretKey } from '../../kernel/secret-key.js';
import { hashSecret, parseSecretToken } from '../../kernel/secret-token.js';
import { RefreshTokens } from './refresh-tokens.js';

const keyOf = (byte: number) => SecretKey.parse(Buffer.alloc(32, byte).toString('base64url'));
const tokens = new RefreshTokens(keyOf(1));

describe('the successor of a refresh token', () => {
  it('is the same each time, on every node that shares the secret key', () => {
    const first = tokens.first(randomUUID());
    const successor = tokens.successorOf(first);
    expect(successor).toEqual(tokens.successorOf(first));
    expect(successor).toEqual(new RefreshTokens(keyOf(1)).successorOf(first));
  });

  it('is another under another secret key, for another predecessor and for another session', () => {
    const first = tokens.first(randomUUID());
    const all = [
      tokens.successorOf(first),
      new RefreshTokens(keyOf(2)).successorOf(first),
      tokens.successorOf(tokens.first(first.id)),
      tokens.successorOf({ ...first, id: randomUUID() }),
      tokens.successorOf(tokens.successorOf(first)),
    ];
    expect(new Set(all.map(({ secret }) => secret)).size).toBe(all.length);
  });

  it('belongs to the same session, and only its hash is there to be stored', () => {
    const first = tokens.first(randomUUID());
    const { id, token, secret, secretHash } = tokens.successorOf(first);
    expect(id).toBe(first.id);
    expect(parseSecretToken(token)).toEqual({ id, secret });
    expect(secretHash).toBe(hashSecret(secret));
  });
});

it('the first refresh token of a session is random', () => {
  const id = randomUUID();
  const secrets = Array.from({ length: 100 }, () => tokens.first(id).secret);
  expect(new Set(secrets).size).toBe(100);
});
