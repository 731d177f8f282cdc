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
    summary: 'Begin to register a passkey',
    description:
      'For `PublicKeyCredential.parseCreationOptionsFromJSON`. The first second factor takes the password, except in a session that is good for enrolling only; any other a fresh login or step-up by a second factor.',
    answers: { 200: { description: 'What to ask the browser for.', type: CreationOptionsReply } },
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
    return this.passkeys.creationOptions(auth, body?.password, exchange);
  }

  @Describe({
    summary: 'Register a passkey',
    description:
      'Takes what the browser made of the options, once. The other sessions end; this one gets a new id and new tickets, as its tickets travelled unless a `transport` is named.',
    answers: { 201: { description: 'Registered.', type: RegisteredPasskeyReply } },
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
    answers: { 200: { description: 'A page, the oldest first, without their keys: 50 at most.', type: PasskeysReply } },
    errors: ['validation_failed'],
  })
  @Get()
  async listPasskeys(@CurrentUser() { id }: AuthUser, @Query() query: PageQuery): Promise<PasskeysReply> {
    const { lines, nextCursor } = pageOf(await this.passkeys.list(id), query, (line) => line.createdAt, 'oldest');
    return { passkeys: lines.map(PasskeyReply.of), nextCursor };
  }

  @Describe({
    summary: 'Rename one of my passkeys',
    answers: { 200: { description: 'As it is now.', type: PasskeyReply } },
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
      'After a fresh proof. The other sessions end; this one gets a new id and new tickets, in cookies unless a `transport` is named. The last way in, and what the policy requires, stay.',
    answers: {
      200: { description: 'Removed; the new tokens.', type: TicketsReply },
      204: { description: 'Removed; new tickets, if any, are in cookies.' },
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
