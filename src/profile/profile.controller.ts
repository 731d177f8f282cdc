import { Body, Delete, HttpCode, Patch } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth, CurrentUser } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { TakesDeclaredFields } from '../http/body-fields.js';
import type { AuthContext, AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { Catalogue } from '../languages/catalogue.js';
import { assertLanguage, IsUserLanguage } from '../languages/user-language.js';
import { LogoutService } from '../sessions/logout.service.js';
import { UserReply } from '../sessions/session.replies.js';
import { toAuthUser } from '../users/user.store.js';
import { UserDescriptions } from '../users/user-descriptions.js';
import { UserDeletionService } from './user-deletion.service.js';

@TakesDeclaredFields('own-change')
class ChangeProfileRequest {
  @ApiProperty({
    description: 'Display name; null removes it.',
    type: 'string',
    nullable: true,
    required: false,
    maxLength: 100,
    example: 'Ada King',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  // PostgreSQL takes neither NUL nor half a character.
  @Matches(/^[^\0\p{Cs}]*$/u, { message: '$property must be well-formed text without NUL characters' })
  name?: string | null;

  @IsUserLanguage()
  language?: string | null;

  /** The declared ones. */
  declare readonly fields?: UserFieldValues;
}

class DeleteUserRequest {
  @ApiProperty({
    description:
      'Password of the current user. Optional shortly after a step-up; users with a second factor must have used it for the step-up.',
    format: 'password',
    required: false,
    example: 'an engine weaves algebra',
  })
  // Not IsOptional: a null is a mistake, not an absent password.
  @ValidateIf(({ password }) => password !== undefined)
  @IsString()
  password?: string;
}

@AuthController('auth/me', 'Profile')
export class ProfileController {
  constructor(
    private readonly descriptions: UserDescriptions,
    private readonly deletions: UserDeletionService,
    private readonly logout: LogoutService,
    private readonly catalogue: Catalogue,
  ) {}

  @Describe({
    summary: 'Change my name and language',
    description:
      'Also changes the fields that the application lets users change; null removes one that may be absent. The language must be one that the service has.',
    answers: { 200: { description: 'The changed user.', type: UserReply } },
  })
  @Patch()
  async changeMe(@Body() body: ChangeProfileRequest, @CurrentUser() { id }: AuthUser): Promise<UserReply> {
    const name = body?.name === '' ? null : body?.name;
    assertLanguage(body?.language, this.catalogue);
    const user = await this.descriptions.change(id, { name, language: body?.language, fields: body?.fields });
    if (!user) throw new AuthError('session_ended', { reason: 'user_deleted' });
    return UserReply.of(toAuthUser(user));
  }

  @Describe({
    summary: 'Delete my account',
    description:
      'Requires the password or a fresh step-up; a login is not sufficient. Ends all sessions and deletes everything that belongs to the user. The address can be registered again.',
    answers: { 204: { description: 'The account is deleted on every node.' } },
    errors: ['invalid_credentials', 'step_up_required', 'rate_limited', 'conflict'],
  })
  @Delete()
  @HttpCode(204)
  async deleteMe(
    @Body() body: DeleteUserRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<void> {
    await this.deletions.delete(auth, body?.password, exchange);
    this.logout.withdrawTickets(exchange);
  }
}
