import { Delete, Get, HttpCode, Param, Query, Req } from '@nestjs/common';
import { originOf } from '../../access/request-origin.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { idsIn } from '../../http/page-cursor.js';
import { ownPageSize, PageQuery } from '../../http/page-query.js';
import { type AuthContext, requireSession } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { isOAuthOn } from '../oauth-options.js';
import { GrantLists } from './grant-lists.js';
import type { GrantActor } from './grant-params.js';
import { ConsentReply, GrantsReply, OwnGrantsReply } from './grants.replies.js';
import { ConsentParams, GrantParams } from './grants.requests.js';
import { OAuthConsents } from './oauth-consents.js';
import { OAuthGrants } from './oauth-grants.js';

@AuthController('auth', 'Applications with access', isOAuthOn)
export class GrantsController {
  constructor(
    private readonly lists: GrantLists,
    private readonly grants: OAuthGrants,
    private readonly consents: OAuthConsents,
  ) {}

  @Describe({
    summary: 'List the applications that have access to my account',
    description: 'What clients may do for the user, and the consents that are remembered.',
    answers: { 200: { description: 'A page of grants.', type: OwnGrantsReply } },
    errors: ['validation_failed', 'forbidden'],
  })
  @Get('grants')
  async listGrants(@Query() { cursor, limit }: PageQuery, @CurrentAuth() auth: AuthContext): Promise<OwnGrantsReply> {
    const { id: sessionId } = requireSession(auth);
    const after = idsIn(cursor, 1)?.[0] ?? null;
    const page = await this.lists.grantsOf(auth.user.id, after, ownPageSize(limit));
    const consents = after === null ? await this.lists.consentsOf(auth.user.id) : [];
    return { ...GrantsReply.of(page, sessionId), consents: consents.map(ConsentReply.of) };
  }

  @Describe({
    summary: 'End what an application may do',
    description:
      'Ends one grant with all its tokens. A consent stays remembered: an application that asks again may get another grant without a question.',
    answers: { 204: { description: 'The grant has ended on every node.' } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Delete('grants/:id')
  @HttpCode(204)
  async endGrant(
    @Param() { id }: GrantParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    const isEnded = await this.grants.endOwn(auth.user.id, id.toLowerCase(), 'ended_by_user', byUser(auth, request));
    if (!isEnded) throw new AuthError('not_found', { reason: 'no_such_grant' });
  }

  @Describe({
    summary: 'Withdraw a consent',
    description: 'Forgets the consent and ends all grants of the application, with all their tokens.',
    answers: { 204: { description: 'Nothing that was granted to the application is accepted on any node.' } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Delete('consents/:clientId')
  @HttpCode(204)
  async withdrawConsent(
    @Param() { clientId }: ConsentParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    const isWithdrawn = await this.consents.withdraw(auth.user.id, clientId, byUser(auth, request));
    if (!isWithdrawn) throw new AuthError('not_found', { reason: 'no_such_consent' });
  }
}

/** @throws AuthError `forbidden` for a machine's credential */
function byUser(auth: AuthContext, request: HttpRequest): GrantActor {
  return { origin: originOf(request), sessionId: requireSession(auth).id };
}
