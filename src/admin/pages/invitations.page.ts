import { Get, Param, Post, Query } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { IsText } from '../../http/is-text.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import { StrictValidationPipe } from '../../http/validation.pipe.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import type { AdminActor } from '../admin-actor.js';
import { IfGiven } from '../admin-fields.js';
import { ByAdmin } from '../by-admin.decorator.js';
import { InvitationParams, InviteRequest } from '../invitations/invitation.requests.js';
import { Invitations } from '../invitations/invitations.js';
import { InvitationsService } from '../invitations/invitations.service.js';
import { rolesIn } from './role-list.js';

const SHOWN = 50;

class InvitationsPageQuery {
  @IfGiven('cursor')
  @IsString()
  @MaxLength(64)
  cursor?: string;
}

class InviteForm {
  @IsText(254)
  email!: string;

  @IsText(100)
  name!: string;

  @IsText(3_300)
  roles!: string;
}

@AdminPage('invitations')
export class InvitationsPage {
  private readonly pipe = new StrictValidationPipe();

  constructor(
    private readonly invitations: Invitations,
    private readonly service: InvitationsService,
    private readonly freshProof: FreshProof,
  ) {}

  @Get()
  show(@Query() { cursor }: InvitationsPageQuery): Promise<PageView> {
    return this.page(cursor || undefined, { email: '', name: '', roles: '' }, null);
  }

  @Post()
  invite(
    @Submitted(InviteForm) form: SubmittedForm<InviteForm>,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<SeeOther | PageView> {
    const sent = { email: form.text('email'), name: form.text('name'), roles: form.text('roles') };
    return form.take(
      async ({ email, name, roles: listed }) => {
        const roles = rolesIn(listed);
        const given = { email: email.trim(), name: name.trim() || null, roles };
        const params = await this.pipe.validated(InviteRequest, given);
        if (roles.length > 0) await this.freshProof.assert(auth);
        await this.service.invite(params, by);
        return seeOther('/admin/ui/invitations', 'admin-invitations.sent', { email: given.email });
      },
      (problem) => this.page(undefined, sent, problem),
    );
  }

  @Post(':id/withdraw')
  async withdraw(@Param() { id }: InvitationParams, @ByAdmin() by: AdminActor): Promise<SeeOther> {
    await this.service.withdraw(id.toLowerCase(), by);
    return seeOther('/admin/ui/invitations', 'admin-invitations.withdrawn');
  }

  private async page(cursor: string | undefined, form: InviteForm, problem: Refused | null): Promise<PageView> {
    const found = await this.invitations.list(idsIn(cursor, 1)?.[0] ?? null, SHOWN + 1);
    const shown = found.slice(0, SHOWN);
    const invitations = shown.map(({ id, email, name, roles, createdAt, expiresAt }) => {
      return { id, email, name, roles, createdAt, expiresAt };
    });
    const next = found.length > SHOWN ? cursorOf(shown.at(-1)!.id) : null;
    const values = { form, problem, invitations, isFirst: cursor === undefined, next };
    return view('admin-invitations', values, problem ?? {});
  }
}
