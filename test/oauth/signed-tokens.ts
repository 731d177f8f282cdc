import { randomUUID } from 'node:crypto';
import { SigningKeys } from '../../src/keys/signing-keys.js';
import { claimsOfClient } from '../../src/oauth/tokens/oauth-token.js';
import { headerOf } from '../../src/oauth/tokens/oauth-token-header.js';
import { type AuthTestApp, testOptions } from '../../src/testing/index.js';

/** Address of the service under test, and so the URI of its own resource. */
export const HERE = testOptions.publicUrl!;

/** Access tokens as the provider signs them, by the keys of one node. */
export class SignedTokens {
  private readonly keys: SigningKeys;

  constructor(private readonly app: AuthTestApp) {
    this.keys = app.app.get(SigningKeys, { strict: false });
  }

  /** Of a grant. @param claims over those of a usual one; an undefined one is left out */
  of(grantId: string, clientId: string, userId: string, claims: object = {}): string {
    return this.sign({ gid: grantId, sub: userId, client_id: clientId, ...claims });
  }

  /** Of a client that acts for itself. */
  ofClient(clientId: string, claims: object = {}): string {
    return this.sign({ ...claimsOfClient({ generation: 1 }), sub: clientId, client_id: clientId, ...claims });
  }

  private sign(claims: object): string {
    const iat = Math.floor(this.app.clock.now().getTime() / 1000);
    const common = { jti: randomUUID(), iat, exp: iat + 300, scope: 'example:read openid', iss: HERE, aud: HERE };
    const key = this.keys.current();
    const payload = Buffer.from(JSON.stringify({ ...common, ...claims })).toString('base64url');
    const signed = `${headerOf(key)}.${payload}`;
    return `${signed}.${key.sign(signed).toString('base64url')}`;
  }
}
