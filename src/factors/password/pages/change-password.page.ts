import { Get, Post } from '@nestjs/common';
import { IsString } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth, CurrentUser } from '../../../access/route-decorators.js';
import type { AuthContext, AuthUser } from '../../../kernel/auth-context.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../../pages/submitted-form.js';
import { PasswordStore } from '../password.store.js';
import { PasswordChangeService } from '../password-change.service.js';

class ChangePasswordForm {
  @IsString()
  currentPassword!: string;

  @IsString()
  newPassword!: string;
}

@PageController('account/password', 'account')
export class ChangePasswordPage {
  constructor(
    private readonly changes: PasswordChangeService,
    private readonly passwords: PasswordStore,
  ) {}

  @Get()
  show(@CurrentUser() user: AuthUser): Promise<PageView> {
    return this.page(user, null);
  }

  /** Changes the password. The typed values are not shown again. */
  @Post()
  change(
    @Submitted(ChangePasswordForm) form: SubmittedForm<ChangePasswordForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async (given) => {
        await this.changes.change(given, auth, exchange);
        return seeOther('/account', 'account-password.changed');
      },
      (problem) => this.page(auth.user, problem),
    );
  }

  /** Who has no password, since they sign in otherwise, sets one by a link to the mailbox. */
  private async page({ id }: AuthUser, problem: Refused | null): Promise<PageView> {
    const hasPassword = (await this.passwords.find(id)) !== null;
    return view('account-password', { hasPassword, problem }, problem ?? undefined);
  }
}
