import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { Clock } from '../../../kernel/clock.js';
import type { UpstreamIdentity, UpstreamLogout } from '../upstreams/upstream.js';

/** Longer than a flow, from the browser's leaving to its session. */
const NOTED_SECONDS = 900;

/** By how much the clocks of two nodes may differ. */
const CLOCKS_APART_SECONDS = 10;

/** A login elsewhere, as its provider has just answered it. */
export interface AnsweredLogin {
  readonly connectionId: string;
  readonly identity: UpstreamIdentity;
  /** When the provider was asked. */
  readonly askedAt: Date;
}

/**
 * The logouts that providers have told a moment ago. A login that is under way meanwhile has its answer, and no row yet that the logout could end: it asks here
 * once it has one. So either the logout finds the row, or the login finds the note.
 */
@Injectable()
export class NotedLogouts {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Before what it names is ended. */
  async note(connectionId: string, { issuer, subject, sessionId, issuedAt }: UpstreamLogout): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO coatcheck.federated_logouts (id, connection_id, issuer, subject, upstream_sid, issued_at, noted_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        randomUUID(),
        connectionId,
        issuer,
        subject,
        sessionId,
        issuedAt,
        this.clock.now(),
        this.clock.in(NOTED_SECONDS),
      ],
    );
  }

  /**
   * Whether a login was logged out before its row was there. A session that is named never comes back. A logout of a subject, or of a login whose
   * session there is not known, covers only logins that were asked for before it, for the user may log in again: a login that is later by the
   * provider's own clock is a new one.
   */
  async cover({ connectionId, identity, askedAt }: AnsweredLogin): Promise<boolean> {
    const { issuer, subject, sessionId, authenticatedAt } = identity;
    const since = new Date(askedAt.getTime() - CLOCKS_APART_SECONDS * 1000);
    const notes: unknown[] = await this.dataSource.query(
      `SELECT FROM coatcheck.federated_logouts
        WHERE connection_id = $1 AND issuer = $2 AND expires_at > $5 AND (
          (subject = $3 AND (upstream_sid = $4 OR ((upstream_sid IS NULL OR $4::text IS NULL)
            AND noted_at >= $6 AND ($7::timestamptz IS NULL OR issued_at >= $7))))
          OR (subject IS NULL AND upstream_sid = $4))
        LIMIT 1`,
      [connectionId, issuer, subject, sessionId, this.clock.now(), since, authenticatedAt],
    );
    return notes.length > 0;
  }
}
