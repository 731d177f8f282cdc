import { Body, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { FreshProof } from '../access/fresh-proof.js';
import { CurrentAuth, CurrentUser } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthContext, AuthUser } from '../kernel/auth-context.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { OwnUsername, ownerOf } from './own-username.js';
import { IsUsername } from './username.js';
import { Usernames } from './usernames.js';
import { areUsernamesOn } from './usernames-options.js';

export class ChooseUsernameRequest {
  @IsUsername({ description: 'Username, in any letter case; unique whatever the case.' })
  username!: string;
}

class UsernameReply {
  @ApiProperty({ description: 'Null: the user has none.', type: 'string', nullable: true, example: 'ada.king' })
  username!: string | null;
}

@AuthController('auth/username', 'Profile', areUsernamesOn)
export class UsernamesController {
  constructor(
    private readonly usernames: Usernames,
    private readonly own: OwnUsername,
    private readonly fresh: FreshProof,
  ) {}

  @Describe({ summary: 'Read my username', answers: { 200: { description: 'The username.', type: UsernameReply } } })
  @Get()
  async readUsername(@CurrentUser() { id }: AuthUser): Promise<UsernameReply> {
    return { username: await this.usernames.of(id) };
  }

  @Describe({
    summary: 'Choose a username',
    description:
      'Replaces the former one, which no other user can choose for a while. Requires a fresh login or step-up. 409 if the name is taken, was given up lately by another user, or is reserved; and if ten names of the current user are kept from others already.',
    answers: { 200: { description: 'The username.', type: UsernameReply } },
    errors: ['step_up_required', 'conflict', 'rate_limited'],
  })
  @Put()
  @RateLimited({ most: { user: 20 }, windowSeconds: 3600 })
  async chooseUsername(
    @Body() { username }: ChooseUsernameRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentCaller() origin: Caller,
  ): Promise<UsernameReply> {
    await this.fresh.assert(auth);
    await this.own.choose(username, ownerOf(auth, origin));
    return { username };
  }

  @Describe({
    summary: 'Give up my username',
    description: 'Requires a fresh login or step-up.',
    answers: { 204: { description: 'The user has no username.' } },
    errors: ['step_up_required'],
  })
  @Delete()
  @HttpCode(204)
  async removeUsername(@CurrentAuth() auth: AuthContext, @CurrentCaller() origin: Caller): Promise<void> {
    await this.fresh.assert(auth);
    await this.own.giveUp(ownerOf(auth, origin));
  }
}
