import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { Describe } from '../../http/api-docs.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import { PageQuery, pageSize } from '../../http/page-query.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import type { AdminActor } from '../admin-actor.js';
import { AdminController } from '../admin-controller.js';
import { ByAdmin } from '../by-admin.decorator.js';
import { InvitationParams, InvitationReply, InvitationsReply, InviteRequest } from './invitation.requests.js';
import { Invitations } from './invitations.js';
import { InvitationsService } from './invitations.service.js';

@AdminController('admin/invitations')
export class InvitationsController {
  constructor(
    private readonly invitations: Invitations,
    private readonly service: InvitationsService,
    private readonly freshProof: FreshProof,
  ) {}

  @Describe({
    summary: 'Invite a person',
    description:
      'Sends an e-mail with a link to choose a password. There is no user until the link is used; it works once, and proves the mailbox. A new invitation replaces an older one to the same address. Inviting with roles requires a fresh login or step-up. The link works only while the caller is an admin, and ends when the caller logs out other sessions, changes the password or recovers the account in another way.',
    answers: { 201: { description: 'The invitation.', type: InvitationReply } },
    errors: ['step_up_required', 'forbidden', 'conflict'],
  })
  @Post()
  @HttpCode(201)
  async invite(
    @Body() params: InviteRequest,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<InvitationReply> {
    if (params.roles?.length) await this.freshProof.assert(auth);
    return InvitationReply.of(await this.service.invite(params, by));
  }

  @Describe({
    summary: 'List open invitations',
    description: 'The most recent first. Accepted, withdrawn and expired ones are not listed.',
    answers: { 200: { description: 'A page of invitations.', type: InvitationsReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get()
  async listInvitations(@Query() { cursor, limit }: PageQuery): Promise<InvitationsReply> {
    const size = pageSize(limit);
    const found = await this.invitations.list(idsIn(cursor, 1)?.[0] ?? null, size + 1);
    const shown = found.slice(0, size);
    const nextCursor = found.length > size ? cursorOf(shown.at(-1)!.id) : null;
    return { invitations: shown.map((one) => InvitationReply.of(one)), nextCursor };
  }

  @Describe({
    summary: 'Withdraw an invitation',
    answers: { 204: { description: 'Its link no longer works.' } },
    errors: ['forbidden', 'validation_failed', 'not_found'],
  })
  @Delete(':id')
  @HttpCode(204)
  async withdrawInvitation(@Param() { id }: InvitationParams, @ByAdmin() by: AdminActor): Promise<void> {
    await this.service.withdraw(id.toLowerCase(), by);
  }
}
