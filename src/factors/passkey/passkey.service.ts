import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { FreshProof } from '../../access/fresh-proof.js';
import type { Exchange } from '../../access/replier.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { EnrolmentService, type NewTickets } from '../../credentials/enrolment.service.js';
import { EnrolmentProof } from '../../credentials/enrolment-proof.js';
import { type AuthContext, type AuthSession, requireSession } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { CeremonyOptions } from './ceremony-options.js';
import { PasskeyFactor } from './passkey.factor.js';
import type { CreationOptionsReply } from './passkey.replies.js';
import type { RegisterPasskeyRequest, RemovePasskeyRequest } from './passkey.requests.js';
import { MOST_PASSKEYS, type PasskeyRecord, PasskeyStore } from './passkey.store.js';
import { RegistrationCeremony } from './registration-ceremony.js';

/** More would make lists too long to read, and options that no authenticator takes. */

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
   * @param password needed where it would be the user's first second factor
   * @throws AuthError as `EnrolmentProof.toBegin`
   */
  async creationOptions(
    auth: AuthContext,
    password: string | undefined,
    exchange: Exchange,
  ): Promise<CreationOptionsReply> {
    const session = requireSession(auth);
    const { id, email, name } = auth.user;
    if (email === null) throw new AuthError('forbidden', { reason: 'user_is_no_person' });
    await this.proof.toBegin(auth, password, exchange);
    return this.options.toCreate({ id, email, name }, session.id, await this.passkeys.listOf(id));
  }

  /**
   * Registers a passkey. The other sessions end; this one gets a new id and new tickets.
   *
   * @throws AuthError `validation_failed` for a credential that is not what we asked for; its challenge is used up
   * @throws AuthError `conflict` for one that the user has already, and for one too many; `step_up_required`
   */
  async register(params: RegisterPasskeyRequest, auth: AuthContext, exchange: Exchange): Promise<RegisteredPasskey> {
    await this.proof.toFinish(auth);
    const passkey = await this.judged(params, auth);
    const { transport } = params;
    const amr = [...this.factor.amr, 'mfa'];
    const change = { factor: this.factor, change: 'passkey_added' as const, auth, amr, transport, hasBody: true };
    const tickets = await this.enrolment.enrol(
      change,
      async ({ id }, manager) => {
        const existing = await this.passkeys.listOf(id, manager);
        if (existing.length >= MOST_PASSKEYS) throw new AuthError('conflict', { reason: 'too_many_passkeys' });
        if (await this.passkeys.insert(passkey, manager)) return;
        throw new AuthError('conflict', { reason: 'passkey_registered_already' });
      },
      exchange,
    );
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

function notFound(): AuthError {
  return new AuthError('not_found', { reason: 'no_such_passkey' });
}
