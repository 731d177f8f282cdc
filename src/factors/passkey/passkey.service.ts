import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { FreshProof } from '../../access/fresh-proof.js';
import type { Exchange } from '../../access/replier.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { type CredentialWrite, EnrolmentService, type NewTickets } from '../../credentials/enrolment.service.js';
import { EnrolmentProof } from '../../credentials/enrolment-proof.js';
import { type AuthContext, type AuthSession, requireSession } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { CeremonyOptions } from './ceremony-options.js';
import { PasskeyFactor } from './passkey.factor.js';
import type { CreationOptionsReply } from './passkey.replies.js';
import type { PasskeyOptionsRequest, RegisterPasskeyRequest, RemovePasskeyRequest } from './passkey.requests.js';
import { MOST_PASSKEYS, type PasskeyRecord, PasskeyStore } from './passkey.store.js';
import { RegistrationCeremony } from './registration-ceremony.js';

/** A passkey just registered, and what of the session's new tickets belongs into the reply. */
export interface RegisteredPasskey {
  readonly passkey: PasskeyRecord;
  readonly tickets: NewTickets;
}

/** Lets users manage their passkeys. */
@Injectable()
export class PasskeyService {
  constructor(
    private readonly factor: PasskeyFactor,
    private readonly options: CeremonyOptions,
    private readonly registrations: RegistrationCeremony,
    private readonly passkeys: PasskeyStore,
    private readonly fresh: FreshProof,
    private readonly proof: EnrolmentProof,
    private readonly enrolment: EnrolmentService,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * The options for the browser's `navigator.credentials.create`. The challenge is good in this session only.
   *
   * @param params `password` is needed where it would be the user's first second factor, and by the browser that creates one by itself
   * @throws AuthError as `EnrolmentProof.toBegin`; `forbidden` for such a one in a session that is good for enrolling only
   */
  async creationOptions(
    auth: AuthContext,
    { password, mediation }: PasskeyOptionsRequest,
    exchange: Exchange,
  ): Promise<CreationOptionsReply> {
    const session = requireSession(auth);
    const { id, email, name } = auth.user;
    if (email === null) throw new AuthError('forbidden', { reason: 'user_is_no_person' });
    const isUpgrade = mediation === 'conditional';
    if (isUpgrade && password === undefined) throw passwordMissing();
    if (isUpgrade && session.onlyFor === 'enrolment')
      throw new AuthError('forbidden', { reason: 'upgrade_is_no_factor' });
    await this.proof.toBegin(auth, password, exchange);
    const purpose = isUpgrade ? 'upgrade' : 'registration';
    return this.options.toCreate({ id, email, name }, session.id, await this.passkeys.listOf(id), purpose);
  }

  /**
   * Registers a passkey. The other sessions end; this one gets a new id and new tickets. By one that the browser created by itself nothing ends,
   * and this session goes on as it is.
   *
   * @throws AuthError `validation_failed` for a credential that is not what we asked for; its challenge is used up
   * @throws AuthError `conflict` for one that the user has already, and for one too many; `step_up_required`
   */
  async register(params: RegisterPasskeyRequest, auth: AuthContext, exchange: Exchange): Promise<RegisteredPasskey> {
    await this.proof.toFinish(auth);
    const passkey = await this.judged(params, auth);
    const write: CredentialWrite = (_user, tx) => this.insert(passkey, tx);
    const added = { factor: this.factor, change: 'passkey_added' as const, auth };
    if (passkey.automatic) {
      await this.enrolment.addWayIn(added, write, exchange);
      return { passkey, tickets: {} };
    }
    const { transport } = params;
    const amr = [...this.factor.amr, 'mfa'];
    const tickets = await this.enrolment.enrol({ ...added, amr, transport, hasBody: true }, write, exchange);
    return { passkey, tickets };
  }

  /** The oldest first. */
  list(userId: string): Promise<PasskeyRecord[]> {
    return this.passkeys.listOf(userId);
  }

  /** @throws AuthError `not_found`, also for another user's */
  async rename(userId: string, id: string, name: string): Promise<PasskeyRecord> {
    if (!(await this.passkeys.rename(userId, id, name))) throw notFound();
    const renamed = (await this.passkeys.listOf(userId)).find((passkey) => passkey.id === id);
    if (!renamed) throw notFound();
    return renamed;
  }

  /**
   * Removes a passkey. The other sessions end; this one gets a new id and new tickets.
   *
   * @throws AuthError `not_found`, also for another user's
   * @throws AuthError `conflict` for the last way in, and for what the policy requires; `step_up_required`
   */
  async remove(
    id: string,
    auth: AuthContext,
    { transport }: RemovePasskeyRequest,
    exchange: Exchange,
  ): Promise<NewTickets> {
    await this.fresh.assert(auth);
    return this.enrolment.remove(
      { factor: this.factor, change: 'passkey_removed', auth, amr: [], transport },
      async (user, manager) => {
        if ((await this.passkeys.delete(user.id, id, manager)) === 0) throw notFound();
      },
      exchange,
    );
  }

  private async insert(passkey: PasskeyRecord, tx: EntityManager): Promise<void> {
    const existing = await this.passkeys.listOf(passkey.userId, tx);
    if (existing.length >= MOST_PASSKEYS) throw new AuthError('conflict', { reason: 'too_many_passkeys' });
    if (await this.passkeys.insert(passkey, tx)) return;
    throw new AuthError('conflict', { reason: 'passkey_registered_already' });
  }

  private async judged({ credential, name }: RegisterPasskeyRequest, auth: AuthContext): Promise<PasskeyRecord> {
    const session = requireSession(auth);
    const judged = await this.registrations
      .verifyRegistration(credential, session.id)
      .catch((error) => this.refused(error, session));
    const now = this.clock.now();
    return {
      ...judged,
      id: uuidv7({ msecs: now.getTime() }),
      userId: auth.user.id,
      name: name ?? session.device ?? 'Passkey',
      createdAt: now,
      lastUsedAt: null,
    };
  }

  /** A logged-in user may know that it was their browser's answer; why, the audit knows. */
  private async refused(error: unknown, { id: sessionId, userId }: AuthSession): Promise<never> {
    if (!(error instanceof AuthError) || error.code !== 'invalid_credentials') throw error;
    const { reason } = error;
    await this.audit.record({ type: 'passkey.registration_failed', userId, sessionId, reason });
    const message = 'credential was refused: request new options and try again';
    const errors = [{ field: 'credential', rule: 'isProven', message }];
    throw new AuthError('validation_failed', { reason, errors, cause: error });
  }
}

function passwordMissing(): AuthError {
  const message = 'password is required for a passkey that the browser creates by itself';
  const errors = [{ field: 'password', rule: 'isString', message }];
  return new AuthError('validation_failed', { reason: 'upgrade_needs_password', errors });
}

function notFound(): AuthError {
  return new AuthError('not_found', { reason: 'no_such_passkey' });
}
