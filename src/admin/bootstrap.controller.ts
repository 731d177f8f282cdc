import { Body, HttpCode, Post } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { UserReply } from '../sessions/session.replies.js';
import { toAuthUser } from '../users/user.store.js';
import { BootstrapRequest } from './bootstrap.requests.js';
import { FirstAdmin } from './first-admin.js';

/** Guesses of one client in a window. No token can be guessed in so few; who mistypes has enough. */
const GUESSES = 30;

@AuthController('admin/bootstrap', 'Admin')
export class BootstrapController {
  constructor(private readonly firstAdmin: FirstAdmin) {}

  @Describe({
    summary: 'Create the first admin',
    description:
      'Requires the token that the service printed at its first start, or the value of `BOOTSTRAP_TOKEN`. Works once, and only while there is no admin.',
    answers: {
      201: { description: 'Created, with a verified e-mail address. The admin can log in.', type: UserReply },
    },
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
