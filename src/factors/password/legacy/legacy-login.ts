import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import { inTime } from '../../../kernel/in-time.js';
import { UnprovenAddresses } from '../../../security/unproven-addresses.js';
import { DeclaredUserFields } from '../../../users/declared-user-fields.js';
import { UserStore } from '../../../users/user.store.js';
import { HashGate } from '../hash-gate.js';
import { PasswordStore } from '../password.store.js';
import { PasswordHashes } from '../password-hashes.js';
import { LegacyDirectory, type LegacyUser, NoLegacyDirectory } from './legacy-directory.js';

const PATIENCE_MILLISECONDS = 5000;

/** Lets users of an old system in, and makes their password ours. */
@Injectable()
export class LegacyLogin {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly directory: LegacyDirectory,
    private readonly users: UserStore,
    private readonly passwords: PasswordStore,
    private readonly hashes: PasswordHashes,
    private readonly gate: HashGate,
    private readonly addresses: UnprovenAddresses,
    private readonly declared: DeclaredUserFields,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** Whether there is an old system. */
  get isThere(): boolean {
    return !(this.directory instanceof NoLegacyDirectory);
  }

  /**
   * Whether the old system recognises the user, who has a password here from now on: the one just given, unless another was
   * set meanwhile. Of several first logins at once one moves the user.
   *
   * @param source who waits for the hash, see `HashGate`
   * @throws AuthError `unavailable` when the old system does not answer
   */
  async adopt(email: string, password: string, source?: string): Promise<boolean> {
    const known = await inTime(this.directory.verify(email, password), PATIENCE_MILLISECONDS).catch((cause) => {
      throw new AuthError('unavailable', { reason: 'legacy_directory_failed', cause });
    });
    if (!known) return false;
    const passwordHash = await this.gate.run(() => this.hashes.hash(password), source);
    // Who registered the address here and never proved it is not who had it there.
    await this.addresses.free(email, { origin: null });
    await this.dataSource.transaction((manager) => this.move(email, known, passwordHash, manager));
    return true;
  }

  private async move(
    email: string,
    { emailVerified, name = null, roles = [], fields: given = {} }: LegacyUser,
    passwordHash: string,
    manager: EntityManager,
  ): Promise<void> {
    const now = this.clock.now();
    const fields = await this.declared.parse(given);
    const wanted = { email, name, roles, fields, emailVerifiedAt: emailVerified ? now : null };
    const user = (await this.users.insert(wanted, manager)) ?? (await this.users.findByEmail(email, manager));
    if (!user) return;
    const isFirst = await this.passwords.setFirst({ userId: user.id, passwordHash, changedAt: now }, manager);
    if (isFirst) await this.audit.record({ type: 'user.migrated', userId: user.id }, manager);
  }
}
