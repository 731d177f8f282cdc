import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { Options } from '../config/options.js';
import { PasswordSetup } from '../credentials/password-setup.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { hashSecret, mintSecretToken, secretMatches } from '../kernel/secret-token.js';
import { causedBy } from '../mail/mail-cause.js';
import { audited } from '../security/actor.js';
import { AdminAlerts } from '../security/admin-alerts.js';
import { UnprovenAddresses } from '../security/unproven-addresses.js';
import { Admins } from '../users/admins.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import type { AdminActor } from './admin-actor.js';
import { adminOptions } from './admin-options.js';

/** Who is to be an admin. */
export interface FirstAdminParams {
  readonly email: string;
  readonly password: string;
}

/** The door for the first admin: one token, one time, and only while there is none. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  private readonly givenToken: string | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly passwords: PasswordSetup,
    private readonly addresses: UnprovenAddresses,
    private readonly alerts: AdminAlerts,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.givenToken = options.of(adminOptions).bootstrapToken;
  }

  /** `BOOTSTRAP_TOKEN` takes the place of a token that was never used; a used one stays used. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.givenToken === undefined || (await this.admins.exist())) return;
    await this.dataSource.query(
      `INSERT INTO coatcheck.bootstrap_token AS b (token_hash, created_at) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at
         WHERE b.consumed_at IS NULL`,
      [hashSecret(this.givenToken), this.clock.now()],
    );
  }

  /**
   * Makes a token, if there is neither an admin nor a token: of any number of nodes exactly one is given it, once, and
   * only its hash stays.
   */
  async issueToken(): Promise<string | null> {
    if (await this.admins.exist()) return null;
    const { secret, secretHash } = mintSecretToken();
    const made = await this.dataSource.query(
      'INSERT INTO coatcheck.bootstrap_token (token_hash, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
      [secretHash, this.clock.now()],
    );
    return made.length === 1 ? secret : null;
  }

  /**
   * Makes the first admin, verified at once.
   *
   * @throws AuthError `invalid_token`: unknown, used, or there is an admin
   * @throws AuthError `validation_failed` for the password, `conflict` for a taken address; the token stays good
   */
  async redeem(token: string, params: FirstAdminParams, by: AdminActor): Promise<UserRecord> {
    await this.assertGood(token);
    return this.make(params, by, async (manager) => {
      await this.admins.lock(manager);
      if (await this.admins.exist(manager)) throw spent();
      const [, affected] = await manager.query(
        'UPDATE coatcheck.bootstrap_token SET consumed_at = $1 WHERE consumed_at IS NULL AND token_hash = $2',
        [this.clock.now(), hashSecret(token)],
      );
      if (affected !== 1) throw spent();
    });
  }

  /** Creates an admin without a token, for an operator who may run commands on the machine. The token is void from then on. */
  create(params: FirstAdminParams, by: AdminActor): Promise<UserRecord> {
    return this.make(params, by, async (manager) => {
      await this.admins.lock(manager);
      await manager.query('UPDATE coatcheck.bootstrap_token SET consumed_at = $1 WHERE consumed_at IS NULL', [
        this.clock.now(),
      ]);
    });
  }

  private async make(
    { email: typed, password }: FirstAdminParams,
    by: AdminActor,
    claim: (manager: EntityManager) => Promise<void>,
  ): Promise<UserRecord> {
    const email = canonicalEmail(typed);
    if (email === null) throw new AuthError('validation_failed', { reason: 'not_an_address' });
    const setPassword = await this.passwords.prepare(password, { email, name: null });
    const take = async (manager: EntityManager) => {
      causedBy(by.origin, manager);
      await claim(manager);
      const emailVerifiedAt = this.clock.now();
      const user = await this.users.insert({ email, name: null, roles: [ADMIN_ROLE], emailVerifiedAt }, manager);
      if (!user) throw new AuthError('conflict', { reason: 'address_taken' });
      await setPassword(user.id, manager);
      await this.alerts.send('made_admin', user, by.actorId, manager);
      await this.audit.record({ type: 'admin.bootstrapped', userId: user.id, ...audited(by) }, manager);
      return user;
    };
    return this.addresses.claim(email, by, () => this.dataSource.transaction(take));
  }

  /** Before any password is hashed, which strangers could have us do. */
  private async assertGood(token: string): Promise<void> {
    const rows: { token_hash: string }[] = await this.dataSource.query(
      'SELECT token_hash FROM coatcheck.bootstrap_token WHERE consumed_at IS NULL',
    );
    if (!secretMatches(token, rows[0]?.token_hash ?? null) || (await this.admins.exist())) throw spent();
  }
}

function spent(): AuthError {
  return new AuthError('invalid_token', { reason: 'bootstrap_token_unknown_or_spent' });
}
