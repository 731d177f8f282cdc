import { Get, Param, Post } from '@nestjs/common';
import { IsUUID, Matches } from 'class-validator';
import { FreshProof } from '../../../access/fresh-proof.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth, CurrentUser } from '../../../access/route-decorators.js';
import { type AuthContext, type AuthUser, requireSession } from '../../../kernel/auth-context.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { PageController } from '../../../pages/page-controller.js';
import {
  type PageView,
  type Refused,
  refused,
  type SeeOther,
  seeOther,
  seeProblem,
  view,
} from '../../../pages/page-view.js';
import { QueryText } from '../../../pages/query-text.decorator.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { SLUG } from '../flow/federated-login.requests.js';
import { LoginRoutes } from '../flow/login-routes.js';
import { OwnLinks } from '../identities/own-links.js';
import { FederatedLogins } from '../recheck/federated-logins.js';
import { Departures } from './departures.js';
import type { ShownIdentity } from './identities.template.js';
import { ShownIdentities } from './shown-identities.js';

const PATH = '/account/identities';

class LinkForm {
  @Matches(SLUG)
  place!: string;
}

class IdentityParams {
  @IsUUID()
  id!: string;
}

/** The linked logins of a user. */
@PageController('account/identities', 'account')
export class IdentitiesPage {
  constructor(
    private readonly shown: ShownIdentities,
    private readonly links: OwnLinks,
    private readonly logins: FederatedLogins,
    private readonly routes: LoginRoutes,
    private readonly departures: Departures,
    private readonly fresh: FreshProof,
  ) {}

  /** @param named connection that a mail leads here for */
  @Get()
  async list(@CurrentUser() { id }: AuthUser, @QueryText('connection') named: unknown): Promise<PageView> {
    const wanted = typeof named === 'string' && SLUG.test(named) ? named : null;
    const [identities, places] = await Promise.all([this.shown.of(id), this.shown.places(wanted)]);
    return view('account-identities', { identities, places });
  }

  /** A user who must prove their identity once more does so, and presses the button again. */
  @Post('link')
  link(
    @Submitted(LinkForm) form: SubmittedForm<LinkForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ place }) => {
        await this.fresh.assert(auth);
        const connection = await this.routes.named(place);
        if (!connection) return seeProblem(PATH, 'federated.gone');
        const begun = this.links.begin({ connection, returnTo: null, isByPage: true }, auth, exchange);
        return this.departures.leave(begun, connection, PATH);
      },
      () => seeProblem(PATH, 'federated.not-linked'),
    );
  }

  @Get(':id/unlink')
  async showUnlinking(@Param() { id }: IdentityParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.fresh.assert(auth);
    const identity = await this.one(auth.user, id);
    return unlinking(identity, await this.endsSession(identity, auth), null);
  }

  @Post(':id/unlink')
  async unlink(
    @Param() { id }: IdentityParams,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    await this.fresh.assert(auth);
    const identity = await this.one(auth.user, id);
    const endsSession = await this.endsSession(identity, auth);
    try {
      await this.links.remove(identity.id, auth, undefined, exchange);
    } catch (error) {
      return unlinking(identity, endsSession, refused(error));
    }
    return endsSession ? seeOther('/sign-in', 'federated.unlinked') : seeOther(PATH, 'account-identities.unlinked');
  }

  /** Nothing would be left for it to rest on. */
  private endsSession({ id }: ShownIdentity, auth: AuthContext): Promise<boolean> {
    return this.logins.restsOn(id, requireSession(auth).id);
  }

  private async one({ id: userId }: AuthUser, id: string): Promise<ShownIdentity> {
    const found = (await this.shown.of(userId)).find((identity) => identity.id === id.toLowerCase());
    if (!found) throw new AuthError('not_found', { reason: 'no_such_linked_login' });
    return found;
  }
}

function unlinking(identity: ShownIdentity, endsSession: boolean, problem: Refused | null): PageView {
  const label = identity.provider ?? identity.email ?? '';
  return view('account-identity-unlink', { identity, label, endsSession, problem }, problem ?? undefined);
}
