import { Get, Post, Req } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import { originOf } from '../access/request-origin.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Options } from '../config/options.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { AdminPage } from '../pages/admin-page.js';
import { type PageView, refused, type SeeOther, seeOther, view } from '../pages/page-view.js';
import { areKeysNeeded, areLeftOutWithJwt } from './keys-options.js';
import { SigningKeys } from './signing-keys.js';

/** The keys that sign access tokens. */
@AdminPage('keys', (options) => !areLeftOutWithJwt(options))
export class SigningKeysPage {
  constructor(
    private readonly keys: SigningKeys,
    private readonly freshProof: FreshProof,
    private readonly options: Options,
  ) {}

  @Get()
  show(): PageView {
    return this.page(false);
  }

  @Post('rotate')
  rotate(@CurrentAuth() { user }: AuthContext, @Req() request: HttpRequest): Promise<SeeOther | PageView> {
    return this.replace(() => this.keys.rotate({ actorId: user.id, origin: originOf(request) }), 'admin-keys.rotated');
  }

  /** Says what a withdrawal does, before it. */
  @Get('withdraw')
  async showWithdraw(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    this.assertSwitchedOn();
    await this.freshProof.assert(auth);
    return view('admin-keys-withdraw', { count: this.keys.accepted().length });
  }

  @Post('withdraw')
  async withdraw(@CurrentAuth() auth: AuthContext, @Req() request: HttpRequest): Promise<SeeOther | PageView> {
    await this.freshProof.assert(auth);
    const by = { actorId: auth.user.id, origin: originOf(request) };
    return this.replace(() => this.keys.withdraw(by), 'admin-keys.withdrawn');
  }

  private async replace(act: () => Promise<void>, message: string): Promise<SeeOther | PageView> {
    this.assertSwitchedOn();
    try {
      await act();
      return seeOther('/admin/ui/keys', message);
    } catch (error) {
      // The keys are the application's own: it alone replaces them.
      if (refused(error).code !== 'conflict') throw error;
      return this.page(true);
    }
  }

  private page(areHosts: boolean): PageView {
    const isOn = areKeysNeeded(this.options);
    const signing = isOn ? this.keys.signing() : [];
    const keys = isOn
      ? this.keys.accepted().map((key) => ({ kid: key.kid, algorithm: key.algorithm, signs: signing.includes(key) }))
      : [];
    return view('admin-keys', { isOn, keys, areHosts }, { ...(areHosts && { status: 409 }) });
  }

  private assertSwitchedOn(): void {
    if (!areKeysNeeded(this.options)) throw new AuthError('not_found', { reason: 'strategy_switched_off' });
  }
}
