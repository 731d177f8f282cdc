import { Get, Post } from '@nestjs/common';
import { CurrentAuth, CurrentSession, CurrentUser } from '../../access/route-decorators.js';
import { Enrolments } from '../../credentials/enrolments.js';
import { Factors } from '../../credentials/factors.js';
import { factorPageName } from '../../credentials/pages/factor-pages.js';
import type { AuthContext, AuthSession, AuthUser } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { Catalogue } from '../../languages/catalogue.js';
import { ownNameOf } from '../../languages/own-name-of.js';
import { DeclaredPages } from '../../pages/define-templates.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { Submitted, SubmittedForm } from '../../pages/submitted-form.js';
import { OwnProfile } from '../own-profile.js';
import { ChangeProfileRequest } from '../profile.controller.js';
import { ProfileFields, type TypedProfile } from './profile-fields.js';

/** After a login with a password, for so long the overview offers a better way. */
const OFFERED_SECONDS = 300;

@PageController('account', 'account')
export class AccountPage {
  constructor(
    private readonly profile: OwnProfile,
    private readonly fields: ProfileFields,
    private readonly factors: Factors,
    private readonly enrolments: Enrolments,
    private readonly declared: DeclaredPages,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  @Get()
  async show(@CurrentAuth() { user }: AuthContext, @CurrentSession() session: AuthSession): Promise<PageView> {
    return this.page(user, session, this.fields.of(user), null);
  }

  @Post()
  save(
    @Submitted(ChangeProfileRequest) form: SubmittedForm<ChangeProfileRequest>,
    @CurrentUser() user: AuthUser,
    @CurrentSession() session: AuthSession,
  ): Promise<PageView | SeeOther> {
    const typed = this.fields.read(form.body);
    return form.converted(typed.values).take(
      async ({ name, language, fields }) => {
        await this.profile.change(user, { name, language, fields });
        // One that was chosen in this browser before would win.
        const isNew = language && language !== user.language;
        return seeOther(isNew ? `/account?lang=${encodeURIComponent(language)}` : '/account', 'account.saved');
      },
      (problem) => this.page(user, session, typed, problem),
    );
  }

  private async page(
    user: AuthUser,
    session: AuthSession,
    { name, language, fields }: TypedProfile,
    problem: Refused | null,
  ): Promise<PageView> {
    const { email, emailVerified } = user;
    const offer = await this.offerFor(session);
    const languages = this.catalogue.languages.map((code) => ({ code, name: ownNameOf(code) }));
    const profile = { name, language, languages, fields };
    return view('account', { email, emailVerified, ...profile, offer, problem }, { status: problem?.status });
  }

  /** The name of a factor that one could sign in with instead of the password, and has not set up. */
  private async offerFor({ userId, amr, authenticatedAt, impersonatorId }: AuthSession): Promise<string | null> {
    const age = (this.clock.now().getTime() - authenticatedAt.getTime()) / 1000;
    if (impersonatorId !== null || !amr.includes('pwd') || age > OFFERED_SECONDS) return null;
    const enrolled = await this.enrolments.of(userId);
    const better = this.factors.all.find(
      ({ name, canBegin }) => canBegin && this.declared.has(factorPageName(name)) && !enrolled.includes(name),
    );
    return better?.name ?? null;
  }
}
