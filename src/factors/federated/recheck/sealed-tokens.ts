import { Injectable } from '@nestjs/common';
import { seal, unseal, unsealByAny } from '../../../kernel/sealed-text.js';
import { SecretKey } from '../../../kernel/secret-key.js';

const PURPOSE = 'federated-token';

/** Seals what providers gave us to look at logins again with: each opens for its own login only. */
@Injectable()
export class SealedTokens {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(secretKey: SecretKey) {
    this.keys = secretKey.deriveAll(PURPOSE);
  }

  seal(token: string, loginId: string): string {
    return seal(token, this.keys[0], boundTo(loginId));
  }

  /** Null: none of our keys opens it. */
  unseal(sealed: string, loginId: string): string | null {
    return unsealByAny(sealed, this.keys, boundTo(loginId));
  }

  /** Whether a former `SECRET_KEY` alone opens it. */
  needsPreviousKey(sealed: string, loginId: string): boolean {
    return unseal(sealed, this.keys[0], boundTo(loginId)) === null && this.unseal(sealed, loginId) !== null;
  }
}

function boundTo(loginId: string): string {
  return `${PURPOSE}:${loginId}`;
}
