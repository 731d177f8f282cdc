import { Get, Header } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Public } from '../../access/public.decorator.js';
import { Options } from '../../config/options.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { haveRelatedOrigins, passkeyOptions } from './passkey-options.js';

class RelatedOriginsReply {
  @ApiProperty({
    description: 'Origins of other domains that may use passkeys of this domain.',
    type: [String],
    example: ['https://example.de'],
  })
  origins!: string[];
}

/** Tells browsers which pages of other domains may use our passkeys: WebAuthn Level 3 §5.11. */
@AuthController('.well-known/webauthn', 'Login', haveRelatedOrigins)
export class RelatedOriginsController {
  private readonly origins: readonly string[];

  constructor(options: Options) {
    this.origins = options.of(passkeyOptions).webauthnRelatedOrigins;
  }

  @Describe({
    summary: 'Read the origins that may use passkeys of this domain',
    answers: {
      200: { description: 'The list, for browsers. It may be cached for five minutes.', type: RelatedOriginsReply },
    },
  })
  @Get()
  @Public()
  @Header('Cache-Control', 'public, max-age=300')
  readRelatedOrigins(): RelatedOriginsReply {
    return { origins: [...this.origins] };
  }
}
