import { Body, Delete, HttpCode, Patch } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, ValidateIf } from 'class-validator';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth, CurrentUser } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { TakesDeclaredFields } from '../http/body-fields.js';
import type { AuthContext, AuthUser } from '../kernel/auth-context.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { IsUserLanguage } from '../languages/user-language.js';
import { LogoutService } from '../sessions/logout.service.js';
import { UserReply } from '../sessions/session.replies.js';
import { IsDisplayName } from '../users/is-display-name.js';
import { OwnProfile } from './own-profile.js';
import { UserDeletionService } from './user-deletion.service.js';

@TakesDeclaredFields('own-change')
export class ChangeProfileRequest {
  @IsDisplayName({ description: 'Display name; null removes it.', example: 'Ada King' })
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
    private readonly profile: OwnProfile,
    private readonly deletions: UserDeletionService,
    private readonly logout: LogoutService,
  ) {}

  @Describe({
    summary: 'Change my name and language',
    description:
      'Also changes the fields that the application lets users change; null removes one that may be absent. The language must be one that the service has.',
    answers: { 200: { description: 'The changed user.', type: UserReply } },
  })
  @Patch()
  async changeMe(@Body() body: ChangeProfileRequest, @CurrentUser() user: AuthUser): Promise<UserReply> {
    const changes = { name: body?.name, language: body?.language, fields: body?.fields };
    return UserReply.of(await this.profile.change(user, changes));
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
