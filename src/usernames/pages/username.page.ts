import { Get, Post } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../../access/caller.js';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth, CurrentUser } from '../../access/route-decorators.js';
import { StepUp } from '../../access/step-up.js';
import type { AuthContext, AuthUser } from '../../kernel/auth-context.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { NoFields, Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { OwnUsername, ownerOf } from '../own-username.js';
import { ChooseUsernameRequest } from '../usernames.controller.js';
import { Usernames } from '../usernames.js';
import { areUsernamesOn } from '../usernames-options.js';

const PATH = '/account/username';

/** The username of the user who is signed in. Each change needs a fresh proof, as by the JSON routes. */
@PageController('account/username', 'account', areUsernamesOn)
export class UsernamePage {
  constructor(
    private readonly usernames: Usernames,
    private readonly own: OwnUsername,
    private readonly fresh: FreshProof,
  ) {}

  @Get()
  async show(@CurrentUser() { id }: AuthUser): Promise<PageView> {
    const username = await this.usernames.of(id);
    return this.page(username ?? '', username !== null, null);
  }

  @Post()
  @StepUp()
  @RateLimited({ most: { user: 20 }, windowSeconds: 3600, countedAs: 'UsernamesController.chooseUsername' })
  choose(
    @Submitted(ChooseUsernameRequest) form: SubmittedForm<ChooseUsernameRequest>,
    @CurrentAuth() auth: AuthContext,
    @CurrentCaller() origin: Caller,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ username }) => {
        await this.fresh.assert(auth);
        await this.own.choose(username, ownerOf(auth, origin));
        return seeOther(PATH, 'account-username.saved');
      },
      async (problem) => this.page(form.text('username'), (await this.usernames.of(auth.user.id)) !== null, problem),
    );
  }

  @Post('remove')
  @StepUp()
  async remove(
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() auth: AuthContext,
    @CurrentCaller() origin: Caller,
  ): Promise<PageView | SeeOther> {
    const username = (await this.usernames.of(auth.user.id)) ?? '';
    return form.take(
      async () => {
        await this.fresh.assert(auth);
        await this.own.giveUp(ownerOf(auth, origin));
        return seeOther(PATH, 'account-username.removed');
      },
      (problem) => this.page(username, username !== '', problem),
    );
  }

  private page(username: string, isChosen: boolean, problem: Refused | null): PageView {
    return view('account-username', { username, isChosen, problem }, problem ?? undefined);
  }
}
