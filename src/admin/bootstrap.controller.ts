import { Body, HttpCode, Post } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { UserReply } from '../sessions/session.replies.js';
import { toAuthUser } from '../users/user.store.js';
import { BootstrapRequest } from './admin.requests.js';
import { FirstAdmin } from './first-admin.js';

/** Guesses of one client in a window. No token can be guessed in so few; who mistypes has enough. */
const GUESSES = 30;

@AuthController('admin/bootstrap', 'Admin')
export class BootstrapController {
  constructor(private readonly firstAdmin: FirstAdmin) {}

  @Describe({
    summary: 'Make the first admin',
    description:
      'By the token that is printed at the first start, or `BOOTSTRAP_TOKEN`. It works once, and only while there is no admin.',
    answers: { 201: { description: 'Made, and verified: log in.', type: UserReply } },
    errors: ['invalid_token', 'conflict'],
  })
  @Post()
  @Public()
  @RateLimited({ most: { ip: GUESSES }, failuresOnly: true })
  @HttpCode(201)
  async createFirstAdmin(
    @Body() { token, email, password }: BootstrapRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<UserReply> {
    const by = { actorId: null, origin: caller };
    return UserReply.of(toAuthUser(await this.firstAdmin.redeem(token, { email, password }, by)));
  }
}
