import { Get, Inject, Post } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, CurrentUser, NotWhileImpersonating } from '../../access/route-decorators.js';
import { OwnPassword } from '../../credentials/own-password.js';
import type { AuthContext, AuthUser } from '../../kernel/auth-context.js';
import { PERSONAL_DATA, type PersonalData } from '../../kernel/personal-data.js';
import { Catalogue } from '../../languages/catalogue.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { LogoutService } from '../../sessions/logout.service.js';
import { UserDeletionService } from '../user-deletion.service.js';

class DeleteAccountForm {
  /** Empty: by a step-up. */
  @IsOptional()
  @IsString()
  password?: string;
}

@PageController('account/delete', 'account')
@NotWhileImpersonating()
export class AccountDeletePage {
  constructor(
    @Inject(PERSONAL_DATA) private readonly parts: readonly PersonalData[],
    private readonly catalogue: Catalogue,
    private readonly deletions: UserDeletionService,
    private readonly logout: LogoutService,
    private readonly passwords: OwnPassword,
  ) {}

  @Get()
  show(@CurrentUser() user: AuthUser): Promise<PageView> {
    return this.page(user, null);
  }

  @Post()
  delete(
    @Submitted(DeleteAccountForm) form: SubmittedForm<DeleteAccountForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ password }) => {
        await this.deletions.delete(auth, password || undefined, exchange);
        this.logout.withdrawTickets(exchange);
        exchange.replier.header('Clear-Site-Data', '"cache"');
        return seeOther('/signed-out', 'account-delete.done');
      },
      (problem) => this.page(auth.user, problem),
    );
  }

  private async page(user: AuthUser, problem: Refused | null): Promise<PageView> {
    const ends: { readonly key: string; readonly count: number }[] = [];
    for (const part of this.parts) {
      const key = `account-delete.ends.${part.name}`;
      const count = this.catalogue.has(key) ? await part.countEnding(user.id) : null;
      if (count) ends.push({ key, count });
    }
    const hasPassword = await this.passwords.isOfUse(user);
    return view('account-delete', { ends, hasPassword, problem }, { status: problem?.status });
  }
}
