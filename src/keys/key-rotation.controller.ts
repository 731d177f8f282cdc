import { Body, HttpCode, Post, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { originOf } from '../access/request-origin.js';
import { CurrentUser, NotWhileImpersonating, Roles } from '../access/route-decorators.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import type { AuthUser } from '../kernel/auth-context.js';
import { haveKeysRoutes } from './keys-options.js';
import { SigningKeys } from './signing-keys.js';

class RotationRequest {
  @ApiProperty({
    description: 'Set it if a key may have leaked: tokens of older keys are no longer accepted.',
    required: false,
    example: true,
  })
  @IsOptional()
  @IsBoolean()
  now?: boolean;
}

@AuthController('admin/keys', 'Admin', haveKeysRoutes)
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class KeyRotationController {
  constructor(private readonly signingKeys: SigningKeys) {}

  @Describe({
    summary: 'Rotate the signing key',
    description:
      'A new key signs access tokens from now on. Tokens of the previous key stay valid until they expire. With `now`, no node accepts tokens of older keys any more, and clients have to refresh.',
    answers: { 204: { description: 'The signing key is rotated.' } },
    errors: ['forbidden', 'conflict', 'validation_failed'],
  })
  @Post('rotate')
  @HttpCode(204)
  async rotateSigningKeys(
    @Body() { now }: RotationRequest,
    @CurrentUser() actingAdmin: AuthUser,
    @Req() request: HttpRequest,
  ): Promise<void> {
    const by = { actorId: actingAdmin.id, origin: originOf(request) };
    await (now ? this.signingKeys.withdraw(by) : this.signingKeys.rotate(by));
  }
}
