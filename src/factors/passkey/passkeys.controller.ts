import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, CurrentUser, OpenToEnrolment } from '../../access/route-decorators.js';
import { StepUp } from '../../access/step-up.js';
import { replyWithTickets, TicketsReply } from '../../credentials/login.replies.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { pageOf } from '../../http/page-of.js';
import { PageQuery } from '../../http/page-query.js';
import type { AuthContext, AuthUser } from '../../kernel/auth-context.js';
import { CreationOptionsReply, PasskeyReply, PasskeysReply, RegisteredPasskeyReply } from './passkey.replies.js';
import {
  PasskeyOptionsRequest,
  PasskeyParams,
  RegisterPasskeyRequest,
  RemovePasskeyRequest,
  RenamePasskeyRequest,
} from './passkey.requests.js';
import { PasskeyService } from './passkey.service.js';

@AuthController('auth/factors/passkeys', 'Factors')
export class PasskeysController {
  constructor(private readonly passkeys: PasskeyService) {}

  @Describe({
    summary: 'Start the registration of a passkey',
    description:
      'Returns options for `PublicKeyCredential.parseCreationOptionsFromJSON`. The first second factor requires the password, except in a session that is limited to enrolment. Any further one requires a fresh login or step-up with a second factor. With `mediation`, for a passkey that the browser creates by itself right after a login by password.',
    answers: { 200: { description: 'WebAuthn creation options.', type: CreationOptionsReply } },
    errors: ['invalid_credentials', 'step_up_required', 'forbidden', 'rate_limited'],
  })
  @Post('options')
  @OpenToEnrolment()
  @HttpCode(200)
  createPasskeyOptions(
    @Body() body: PasskeyOptionsRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<CreationOptionsReply> {
    return this.passkeys.creationOptions(auth, body ?? {}, exchange);
  }

  @Describe({
    summary: 'Register a passkey',
    description:
      'Accepts the credential that the browser created from the options, once. All other sessions end. The current session gets a new id and new tickets, which travel as before unless `transport` is given. For a passkey that the browser created by itself no session ends, and the current one stays as it is.',
    answers: { 201: { description: 'The registered passkey.', type: RegisteredPasskeyReply } },
    errors: ['step_up_required', 'forbidden', 'conflict'],
  })
  @Post()
  @OpenToEnrolment()
  async registerPasskey(
    @Body() params: RegisterPasskeyRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<RegisteredPasskeyReply> {
    const { passkey, tickets } = await this.passkeys.register(params, auth, exchange);
    return { ...PasskeyReply.of(passkey), ...tickets };
  }

  @Describe({
    summary: 'List my passkeys',
    answers: {
      200: { description: 'At most 50 passkeys, the oldest first, without their keys.', type: PasskeysReply },
    },
    errors: ['validation_failed'],
  })
  @Get()
  async listPasskeys(@CurrentUser() { id }: AuthUser, @Query() query: PageQuery): Promise<PasskeysReply> {
    const { lines, nextCursor } = pageOf(await this.passkeys.list(id), query, (line) => line.createdAt, 'oldest');
    return { passkeys: lines.map(PasskeyReply.of), nextCursor };
  }

  @Describe({
    summary: 'Rename one of my passkeys',
    answers: { 200: { description: 'The renamed passkey.', type: PasskeyReply } },
    errors: ['not_found', 'forbidden'],
  })
  @Patch(':id')
  async renamePasskey(
    @Param() { id }: PasskeyParams,
    @Body() { name }: RenamePasskeyRequest,
    @CurrentUser() user: AuthUser,
  ): Promise<PasskeyReply> {
    return PasskeyReply.of(await this.passkeys.rename(user.id, id.toLowerCase(), name));
  }

  @Describe({
    summary: 'Remove one of my passkeys',
    description:
      'Requires a fresh login or step-up. All other sessions end. The current session gets a new id and new tickets, as cookies unless `transport` is given; a session with transport `body` ends unless the request repeats it. The last way to log in, and a factor that the policy requires, cannot be removed.',
    answers: {
      200: { description: 'Removed. The response contains the new tokens.', type: TicketsReply },
      204: { description: 'Removed. New tickets, if any, are set as cookies.' },
    },
    errors: ['step_up_required', 'not_found', 'conflict', 'forbidden'],
  })
  // No @HttpCode: it would overrule what the handler says.
  @Delete(':id')
  @StepUp()
  async removePasskey(
    @Param() { id }: PasskeyParams,
    @Body() body: RemovePasskeyRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<TicketsReply | undefined> {
    const params = body ?? {};
    const tickets = await this.passkeys.remove(id.toLowerCase(), auth, params, exchange);
    return replyWithTickets(tickets, params.transport, exchange);
  }
}
