import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretKey } from '../../kernel/secret-key.js';
import { hashSecret, type MintedToken, mintSecretToken, type SecretToken } from '../../kernel/secret-token.js';

/** Makes refresh tokens: `<session id>.<43 characters of base64url>`. */
@Injectable()
export class RefreshTokens {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(secretKey: SecretKey) {
    this.keys = secretKey.deriveAll('refresh-token-successor');
  }

  /** The first one of a session: random. */
  first(sessionId: string): MintedToken {
    return mintSecretToken(sessionId);
  }

  /**
   * The one that follows: always the same for one predecessor, so that a client that lost the reply can be given it again
   * though only its hash is stored. Without the key it is as good as random.
   */
  successorOf(token: SecretToken): MintedToken {
    return successor(token, this.keys[0]);
  }

  /** Those that a node may have handed out under a previous key. */
  formerSuccessorsOf(token: SecretToken): MintedToken[] {
    return this.keys.slice(1).map((key) => successor(token, key));
  }
}

function successor({ id, secret: spent }: SecretToken, key: Buffer): MintedToken {
  const secret = createHmac('sha256', key).update(`${id}.${spent}`).digest('base64url');
  return { id, secret, token: `${id}.${secret}`, secretHash: hashSecret(secret) };
}
