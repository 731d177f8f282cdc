import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { JobRefused } from '../../jobs/job-handler.js';
import { Clock } from '../../kernel/clock.js';
import { base64url } from '../../keys/jwt-encoding.js';
import { SigningKeys } from '../../keys/signing-keys.js';
import type { OAuthClient } from '../clients/oauth-client.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** How long one is good: a try takes less. */
const LIFE_SECONDS = 120;

/** Makes logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4), signed by our keys. */
@Injectable()
export class LogoutTokens {
  private readonly issuer: string;

  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.issuer = new URL(options.of(coreOptions).publicUrl).origin;
  }

  /**
   * A token of its own at each try, with the algorithm of the client's ID tokens.
   *
   * @param of the user, by `sub`, and the session as the client knows it
   * @throws JobRefused when no key of that algorithm is in use
   */
  async issue({ id, metadata }: OAuthClient, { sub, sid }: { sub: string; sid: string }): Promise<string> {
    await this.keys.certain();
    const alg = metadata.id_token_signed_response_alg ?? 'ES256';
    const key = this.keys.signing().find(({ algorithm }) => algorithm === alg);
    if (key === undefined) throw new JobRefused(`no key signs ${String(alg)}`);
    const iat = Math.floor(this.clock.now().getTime() / 1000);
    const header = { alg: key.algorithm, typ: 'logout+jwt', kid: key.kid };
    const about = { iss: this.issuer, aud: id, iat, exp: iat + LIFE_SECONDS, jti: randomUUID() };
    const claims = { ...about, sub, sid, events: { [EVENT]: {} } };
    const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
    return `${input}.${key.sign(input).toString('base64url')}`;
  }
}
