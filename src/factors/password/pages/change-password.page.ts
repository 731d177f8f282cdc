import { Get, Post } from '@nestjs/common';
import { IsString } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth } from '../../../access/route-decorators.js';
import type { AuthContext } from '../../../kernel/auth-context.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../../pages/submitted-form.js';
import { PasswordChangeService } from '../password-change.service.js';

class ChangePasswordForm {
  @IsString()
  currentPassword!: string;

  @IsString()
  newPassword!: string;
}

@PageController('account/password', 'account')
export class ChangePasswordPage {
  constructor(private readonly changes: PasswordChangeService) {}

  @Get()
  show(): PageView {
    return view('account-password', { problem: null });
  }

  /** What was typed is not shown again. */
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
      (problem) => view('account-password', { problem }, problem),
    );
  }
}
