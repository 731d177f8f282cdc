import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { UserKind } from '../kernel/auth-context.js';
import { AuthError, type FieldError } from '../kernel/auth-error.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { audited } from '../security/actor.js';
import { ActorsInForce } from '../security/actors-in-force.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import type { AdminActor } from './admin-actor.js';

/** A machine that an admin makes a user for. */
export interface CreateServiceUserParams {
  /** Display name; need not be unique. */
  readonly name: string;
  readonly roles?: readonly string[] | undefined;
  readonly fields?: UserFieldValues | null;
}

/** Users that are machines: they have no address and no password, hold keys and certificates, and can never log in. */
@Injectable()
export class ServiceUsers {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly actors: ActorsInForce,
    private readonly audit: AuditSink,
  ) {}

  async create({ name, roles = [], fields = null }: CreateServiceUserParams, by: AdminActor): Promise<UserRecord> {
    return this.dataSource.transaction(async (manager) => {
      await this.actors.assert(by, manager);
      const user = await this.users.insert({ kind: 'service', email: null, name, roles, fields }, manager);
      if (!user) throw new AuthError('conflict', { reason: 'service_user_refused_by_store' });
      await this.audit.record(
        { type: 'user.created', userId: user.id, kind: 'service', roles, ...audited(by) },
        manager,
      );
      return user;
    });
  }
}

/** Properties that only a person has. */
const OF_PERSONS = ['email', 'password', 'emailVerified'] as const;

/**
 * Refuses what a service user cannot have, and demands what it must.
 *
 * @throws AuthError `validation_failed`
 */
export function assertFitsServiceUser(params: Readonly<Record<string, unknown>>, { isNew }: { isNew: boolean }): void {
  const errors: FieldError[] = OF_PERSONS.filter((field) => params[field] !== undefined).map((field) => ({
    field,
    rule: 'isAbsent',
    message: `${field} must be absent: a service user has none`,
  }));
  const isNameless = isNew ? !params.name : params.name === null || params.name === '';
  if (isNameless)
    errors.push({
      field: 'name',
      rule: 'isNotEmpty',
      message: 'name is required: it must say which service the user stands for',
    });
  if (errors.length > 0) throw new AuthError('validation_failed', { reason: 'unfit_for_service_user', errors });
}

/** @throws AuthError `conflict` for a service user: what is asked for makes no sense there */
export function assertPerson({ kind }: { readonly kind: UserKind }): void {
  if (kind !== 'person') throw new AuthError('conflict', { reason: 'not_for_service_users' });
}
