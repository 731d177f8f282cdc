import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { type AuthContext, requireSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { PERSONAL_DATA, PersonalData } from '../kernel/personal-data.js';
import { UserStore } from '../users/user.store.js';

/** A user's data, as it is downloaded. */
export interface ExportedFile {
  readonly name: string;
  /** JSON in UTF-8, read from the features as fast as the client reads it. */
  readonly content: Readable;
}

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
   * Records the download and begins it. However much there is, no more than a page of one part is in memory at a time, and no connection to
   * the database waits for the client.
   *
   * @throws AuthError `step_up_required` unless a proof is fresh, by a second factor where the user has one: a copied session that is merely
   *   live must not be enough to take everything along; `forbidden` for a machine's credential
   */
  async begin(auth: AuthContext, origin: RequestOrigin): Promise<ExportedFile> {
    const { id: sessionId } = requireSession(auth);
    await this.fresh.assert(auth);
    const user = await this.users.find(auth.user.id);
    if (!user) throw new AuthError('session_ended', { reason: 'user_deleted' });
    await this.audit.record({ type: 'user.data_exported', userId: user.id, sessionId, origin });
    const exportedAt = this.clock.now().toISOString();
    const content = Readable.from(this.document(user.id, exportedAt), { objectMode: false, highWaterMark: 1 });
    return { name: `account-data-${exportedAt.slice(0, 10)}.json`, content };
  }

  private async *document(userId: string, exportedAt: string): AsyncGenerator<Buffer> {
    yield Buffer.from(`{"exportedAt":${JSON.stringify(exportedAt)},"parts":{`);
    for (const [at, part] of this.parts.entries()) {
      yield Buffer.from(`${at === 0 ? '' : ','}\n${JSON.stringify(part.name)}:[`);
      let isFirst = true;
      for await (const page of part.pagesOf(userId)) {
        if (page.length === 0) continue;
        const rows = page.map((row) => JSON.stringify(row)).join(',\n');
        yield Buffer.from(`${isFirst ? '\n' : ',\n'}${rows}`);
        isFirst = false;
      }
      yield Buffer.from(']');
    }
    yield Buffer.from('\n}}\n');
  }
}
