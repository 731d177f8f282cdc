import { Inject, Injectable } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { type AuthContext, requireSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { PERSONAL_DATA, PersonalData } from '../kernel/personal-data.js';
import { UserStore } from '../users/user.store.js';
import { type JsonFile, jsonFile } from './json-file.js';

/** Everything that is kept about a user, in one document: each feature contributes its part. */
@Injectable()
export class DataExport {
  constructor(
    @Inject(PERSONAL_DATA) private readonly parts: readonly PersonalData[],
    private readonly users: UserStore,
    private readonly fresh: FreshProof,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Records the download and begins it.
   *
   * @throws AuthError `step_up_required` unless a proof is fresh, by a second factor where the user has one: a copied session that is merely
   *   live must not be enough to take everything along; `forbidden` for a machine's credential
   */
  async begin(auth: AuthContext, origin: RequestOrigin): Promise<JsonFile> {
    const { id: sessionId } = requireSession(auth);
    await this.fresh.assert(auth);
    const user = await this.users.find(auth.user.id);
    if (!user) throw new AuthError('session_ended', { reason: 'user_deleted' });
    await this.audit.record({ type: 'user.data_exported', userId: user.id, sessionId, origin });
    return jsonFile('account-data', this.parts, user.id, this.clock.now());
  }
}
