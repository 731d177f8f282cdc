import { Injectable } from '@nestjs/common';
import { seal, unseal, unsealByAny } from '../../../kernel/sealed-text.js';
import { SecretKey } from '../../../kernel/secret-key.js';

const PURPOSE = 'connection-secret';

/** Seals the secrets of connections, each for its connection: a reader of the database reads none, and a copied row opens nothing. */
@Injectable()
export class ConnectionSecrets {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(secretKey: SecretKey) {
    this.keys = secretKey.deriveAll(PURPOSE);
  }

  seal(secret: string, connectionId: string): string {
    return seal(secret, this.keys[0], boundTo(connectionId));
  }

  /** Null when no key of ours opens it. */
  open(sealed: string, connectionId: string): string | null {
    return unsealByAny(sealed, this.keys, boundTo(connectionId));
  }

  /** Whether a former `SECRET_KEY` alone opens it. */
  needsPreviousKey(sealed: string, connectionId: string): boolean {
    return unseal(sealed, this.keys[0], boundTo(connectionId)) === null && this.open(sealed, connectionId) !== null;
  }
}

function boundTo(connectionId: string): string {
  return `connection:${connectionId}`;
}
