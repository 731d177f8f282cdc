import { Injectable } from '@nestjs/common';
import { AfterCommit, type HeardEvent } from '../events/listener-decorators.js';
import type { MeasurementName } from './measured.js';

/** Of RFC 8176, and such that it may stand in a name. */
const METHOD = /^[a-z0-9_-]{1,32}$/;

/** How often what the audit records has happened on this node since its start. */
@Injectable()
export class EventCounts {
  private readonly counts = new Map<MeasurementName, number>();

  /** By name; only ever rising. */
  get all(): ReadonlyMap<MeasurementName, number> {
    return this.counts;
  }

  @AfterCommit('login.succeeded')
  countLogin({ amr }: HeardEvent): void {
    this.count('logins');
    const methods: readonly unknown[] = Array.isArray(amr) ? amr : [];
    for (const method of methods) if (METHOD.test(String(method))) this.count(`factors.${method}`);
  }

  @AfterCommit('login.failed')
  countFailedLogin(): void {
    this.count('logins_failed');
  }

  /** Neither those whom an admin created nor those who were moved in from another system. */
  @AfterCommit('user.created')
  countRegistration({ by }: HeardEvent): void {
    if (by === 'user.registered' || by === 'email.verified') this.count('registrations');
  }

  @AfterCommit('login.locked')
  countLock(): void {
    this.count('locks');
  }

  @AfterCommit('refresh_token.reused')
  countReuse(): void {
    this.count('refresh_reuse');
  }

  private count(name: MeasurementName): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}
