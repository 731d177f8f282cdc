import { Injectable } from '@nestjs/common';
import { NIL } from 'uuid';
import type { Exchange } from '../../access/replier.js';
import { type AuthContext, requireSession } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { PendingLogins } from '../../login/pending-login/pending-logins.js';
import { UserStore } from '../../users/user.store.js';
import { CeremonyOptions, descriptorOf } from './ceremony-options.js';
import { DecoyCredentials, TOLD_TRANSPORTS } from './decoy-credentials.js';
import { LoginChallenges } from './login-challenges.js';
import type { CredentialDescriptorReply, RequestOptionsReply } from './passkey.replies.js';
import { type PasskeyRecord, PasskeyStore } from './passkey.store.js';
import { PasskeyChallenges } from './passkey-challenges.js';

/** The requests that browsers get when a user uses a passkey: to begin a login, to continue one, to step up. */
@Injectable()
export class PasskeyRequests {
  constructor(
    private readonly options: CeremonyOptions,
    private readonly challenges: PasskeyChallenges,
    private readonly loginChallenges: LoginChallenges,
    private readonly pending: PendingLogins,
    private readonly passkeys: PasskeyStore,
    private readonly decoys: DecoyCredentials,
    private readonly users: UserStore,
  ) {}

  /** To begin a login. With an address it names passkeys, whether or not a user has it, and at the same cost. */
  async toLogIn(typedEmail: string | undefined, exchange: Exchange): Promise<RequestOptionsReply> {
    const allowed = typedEmail === undefined ? [] : await this.allowedFor(typedEmail);
    const challenge = await this.loginChallenges.issue(exchange);
    return this.options.toRequest({ challenge, allowed, mustVerifyUser: true });
  }

  /**
   * To go on with a login by the second factor.
   *
   * @throws AuthError `invalid_credentials` for a login that is over, was begun in another browser, or does not ask for a passkey
   */
  async toProceed(loginToken: string, { caller }: Exchange): Promise<RequestOptionsReply> {
    const { id, userId, factors } = this.pending.readLogin(loginToken, caller);
    if (!factors.includes('passkey')) throw new AuthError('invalid_credentials', { reason: 'factor_not_asked_for' });
    return this.toProve(userId, id, false);
  }

  /** To step up. The challenge is good in this session only. */
  toStepUp(auth: AuthContext): Promise<RequestOptionsReply> {
    return this.toProve(auth.user.id, requireSession(auth).id, true);
  }

  private async toProve(userId: string, holder: string, mustVerifyUser: boolean): Promise<RequestOptionsReply> {
    const allowed = (await this.passkeys.listOf(userId)).map(descriptorOf);
    const challenge = await this.challenges.issue('proof', holder);
    return this.options.toRequest({ challenge, allowed, mustVerifyUser });
  }

  private async allowedFor(typedEmail: string): Promise<readonly CredentialDescriptorReply[]> {
    const email = canonicalEmail(typedEmail);
    const user = email === null ? null : await this.users.findByEmail(email);
    // Looked up for an unknown user too: it takes as long.
    const passkeys = await this.passkeys.listOf(user?.id ?? NIL);
    const decoys = this.decoys.of(typedEmail);
    return passkeys.length > 0 ? passkeys.map(toldOf) : decoys;
  }
}

/** To a stranger: nothing that no decoy has. */
function toldOf(passkey: PasskeyRecord): CredentialDescriptorReply {
  const { transports, ...descriptor } = descriptorOf(passkey);
  const told: readonly string[] = TOLD_TRANSPORTS;
  return { ...descriptor, transports: transports.filter((transport) => told.includes(transport)) };
}
