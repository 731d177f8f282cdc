import { HttpCode, Post, Req } from '@nestjs/common';
import type { HttpRequest } from '../../access/http-exchange.js';
import { originOf } from '../../access/request-origin.js';
import { CurrentUser, NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { SigningKeys } from './signing-keys.js';

@AuthController('admin/keys', 'Operators')
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class KeyRotationController {
  constructor(private readonly signingKeys: SigningKeys) {}

  @Describe({
    summary: 'Rotate the signing key',
    description: 'A new key signs from now on. Tokens of the older one stay good for their life, on every node.',
    answers: { 204: { description: 'Rotated.' } },
    errors: ['forbidden', 'conflict'],
  })
  @Post('rotate')
  @HttpCode(204)
  async rotateSigningKeys(@CurrentUser() operator: AuthUser, @Req() request: HttpRequest): Promise<void> {
    await this.signingKeys.rotate({ actorId: operator.id, origin: originOf(request) });
  }
}
