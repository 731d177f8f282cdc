import { Get, Param, Post } from '@nestjs/common';
import { IsJSON, IsOptional, IsString, MaxLength } from 'class-validator';
import { FreshProof } from '../../../access/fresh-proof.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth, CurrentUser } from '../../../access/route-decorators.js';
import { StepUp } from '../../../access/step-up.js';
import { Options } from '../../../config/options.js';
import { Enrolments } from '../../../credentials/enrolments.js';
import { ProofFields } from '../../../credentials/pages/proof-fields.js';
import { type AuthContext, type AuthUser, requireSession } from '../../../kernel/auth-context.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { PageController } from '../../../pages/page-controller.js';
import { PageValidationPipe } from '../../../pages/page-validation.pipe.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { NoFields, Submitted, type SubmittedForm } from '../../../pages/submitted-form.js';
import { PasskeyParams, RegisterPasskeyRequest, RenamePasskeyRequest } from '../passkey.requests.js';
import { PasskeyService } from '../passkey.service.js';
import type { PasskeyRecord } from '../passkey.store.js';
import { relyingPartyFrom } from '../passkey-options.js';
import { userHandleOf } from '../user-handle.js';

const PATH = '/account/factors/passkey';

class AddForm {
  /** The result of `navigator.credentials.create`, as JSON. */
  @IsString()
  @IsJSON()
  @MaxLength(50_000)
  credential!: string;

  /** Empty: the browser's. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string;

  /** The module has shown it to the JSON route. It is asked for here by nothing. */
  @IsOptional()
  @IsString()
  password?: string;
}

/** The passkeys of a user. Registering one needs scripts, by its nature; renaming and removing does not. */
@PageController('account/factors/passkey', 'account')
export class PasskeysPage {
  private readonly rpId: string;

  constructor(
    private readonly passkeys: PasskeyService,
    private readonly enrolments: Enrolments,
    private readonly fields: ProofFields,
    private readonly validation: PageValidationPipe,
    private readonly fresh: FreshProof,
    options: Options,
  ) {
    this.rpId = relyingPartyFrom(options).rpId;
  }

  @Get()
  show(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    return this.list(auth, null);
  }

  /** A user with a factor proves it once more before the browser asks for a new passkey. */
  @Get('add')
  async showAdding(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    if (!(await this.needsPassword(auth))) await this.fresh.assert(auth);
    return this.adding(auth, null);
  }

  @Post('add')
  add(
    @Submitted(AddForm) form: SubmittedForm<AddForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ credential: json, name }) => {
        const { credential } = this.fields.proofOf({ factor: 'passkey', credential: json });
        const params = await this.validation.validated(RegisterPasskeyRequest, { credential, ...(name && { name }) });
        await this.passkeys.register(params, auth, exchange);
        return seeOther(PATH, 'factor-passkey.added');
      },
      (problem) => this.adding(auth, problem),
    );
  }

  @Get(':id/rename')
  async showRenaming(@Param() { id }: PasskeyParams, @CurrentUser() user: AuthUser): Promise<PageView> {
    const { name } = await this.one(user, id);
    return view('factor-passkey-rename', { id, name, problem: null });
  }

  @Post(':id/rename')
  rename(
    @Param() { id }: PasskeyParams,
    @Submitted(RenamePasskeyRequest) form: SubmittedForm<RenamePasskeyRequest>,
    @CurrentUser() user: AuthUser,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ name }) => {
        await this.passkeys.rename(user.id, id.toLowerCase(), name);
        return seeOther(PATH, 'factor-passkey.renamed');
      },
      (problem) => view('factor-passkey-rename', { id, name: form.text('name'), problem }, problem),
    );
  }

  @Get(':id/remove')
  async showRemoval(@Param() { id }: PasskeyParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.fresh.assert(auth);
    const { name } = await this.one(auth.user, id);
    return view('factor-passkey-remove', { id, name, problem: null });
  }

  @Post(':id/remove')
  @StepUp()
  async remove(
    @Param() { id }: PasskeyParams,
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const { name } = await this.one(auth.user, id);
    return form.take(
      async () => {
        await this.passkeys.remove(id.toLowerCase(), auth, {}, exchange);
        return seeOther(PATH, 'factor-passkey.removed');
      },
      (problem) => view('factor-passkey-remove', { id, name, problem }, problem),
    );
  }

  private async list(auth: AuthContext, problem: Refused | null): Promise<PageView> {
    const passkeys = await this.passkeys.list(auth.user.id);
    return view('factor-passkey', { passkeys, accepted: this.accepted(auth, passkeys), problem });
  }

  /**
   * The list of this user's valid passkeys that the browser may pass to its authenticators. Null for the browser of an admin who acts as
   * the user.
   */
  private accepted(auth: AuthContext, passkeys: readonly PasskeyRecord[]): string | null {
    if (requireSession(auth).impersonatorId !== null) return null;
    const allAcceptedCredentialIds = passkeys.map(({ credentialId }) => credentialId);
    return JSON.stringify({ rpId: this.rpId, userId: userHandleOf(auth.user.id), allAcceptedCredentialIds });
  }

  private async adding(auth: AuthContext, problem: Refused | null): Promise<PageView> {
    const values = { needsPassword: await this.needsPassword(auth), problem };
    return view('factor-passkey-add', values, { status: problem?.status });
  }

  private async needsPassword({ user }: AuthContext): Promise<boolean> {
    return (await this.enrolments.of(user.id)).length === 0;
  }

  private async one({ id: userId }: AuthUser, id: string): Promise<PasskeyRecord> {
    const found = (await this.passkeys.list(userId)).find((passkey) => passkey.id === id.toLowerCase());
    if (!found) throw new AuthError('not_found', { reason: 'no_such_passkey' });
    return found;
  }
}
