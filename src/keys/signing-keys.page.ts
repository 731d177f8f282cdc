import { Get, Post, Req } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import { originOf } from '../access/request-origin.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Options } from '../config/options.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { AdminPage } from '../pages/admin-page.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../pages/page-view.js';
import { NoFields, Submitted, type SubmittedForm } from '../pages/submitted-form.js';
import { areKeysNeeded, areLeftOutWithJwt } from './keys-options.js';
import { SigningKeys } from './signing-keys.js';

/** The keys that sign tokens. */
@AdminPage('keys', (options) => !areLeftOutWithJwt(options))
export class SigningKeysPage {
  constructor(
    private readonly keys: SigningKeys,
    private readonly freshProof: FreshProof,
    private readonly options: Options,
  ) {}

  @Get()
  show(): PageView {
    return this.page(null);
  }

  @Post('rotate')
  rotate(
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() { user }: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther | PageView> {
    const by = { actorId: user.id, origin: originOf(request) };
    return this.replace(form, () => this.keys.rotate(by), 'admin-keys.rotated');
  }

  /** Says what a withdrawal does, before it. */
  @Get('withdraw')
  async showWithdraw(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    this.assertSwitchedOn();
    await this.freshProof.assert(auth);
    return view('admin-keys-withdraw', { count: this.keys.accepted().length });
  }

  @Post('withdraw')
  async withdraw(
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther | PageView> {
    await this.freshProof.assert(auth);
    const by = { actorId: auth.user.id, origin: originOf(request) };
    return this.replace(form, () => this.keys.withdraw(by), 'admin-keys.withdrawn');
  }

  private async replace(
    form: SubmittedForm<NoFields>,
    act: () => Promise<void>,
    message: string,
  ): Promise<SeeOther | PageView> {
    this.assertSwitchedOn();
    return form.take(
      async () => {
        await act();
        return seeOther('/admin/ui/keys', message);
      },
      (problem) => this.page(problem),
    );
  }

  private page(problem: Refused | null): PageView {
    const isOn = areKeysNeeded(this.options);
    const signing = isOn ? this.keys.signing() : [];
    const keys = isOn
      ? this.keys.accepted().map((key) => ({ kid: key.kid, algorithm: key.algorithm, signs: signing.includes(key) }))
      : [];
    return view('admin-keys', { isOn, keys, problem }, problem ?? {});
  }

  private assertSwitchedOn(): void {
    if (!areKeysNeeded(this.options)) throw new AuthError('not_found', { reason: 'strategy_switched_off' });
  }
}
