import { Get, Header } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Public } from '../access/public.decorator.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { haveKeysRoutes } from './keys-options.js';
import { type PublicJwk, SigningKeys } from './signing-keys.js';

class JwksReply {
  @ApiProperty({
    description: 'Public keys, RFC 7517, each with `kid`, `alg` and `use`. Empty with HS256.',
    type: [Object],
  })
  keys!: PublicJwk[];
}

/** Publishes the keys by which others can verify our access tokens (but not whether the session still lives). */
@AuthController('.well-known/jwks.json', 'Tokens', haveKeysRoutes)
export class JwksController {
  constructor(private readonly signingKeys: SigningKeys) {}

  @Describe({
    summary: 'Read the public keys of the access tokens',
    answers: { 200: { description: 'A JWK set. It may be cached for five minutes.', type: JwksReply } },
  })
  @Get()
  @Public()
  @Header('Cache-Control', 'public, max-age=300')
  async readSigningKeys(): Promise<JwksReply> {
    // A verifier that has met a key of another node asks this one for it, and may not ask again for a while.
    await this.signingKeys.refresh();
    return { keys: this.signingKeys.accepted().flatMap(({ publicJwk }) => publicJwk ?? []) };
  }
}
