import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { SecretKey } from '../../kernel/secret-key.js';

/** RFC 8628 §3.2: seconds between two polls, until the device is told to slow down. */
export const POLL_SECONDS = 5;
/** A poll that is early by less was delayed on its way, or the one before it was. */
const TOLERATED_MILLISECONDS = 500;

/** A device code at a poll. */
export interface PolledCode {
  readonly payload: Record<string, unknown>;
  readonly consumedAt: Date | null;
  readonly expiresAt: Date;
  readonly isTooSoon: boolean;
}

/** The state that a device code moves to: once, and from no other. */
export type DeviceStep = 'inFlight' | 'decided';

const WHILE: Readonly<Record<DeviceStep, string>> = {
  inFlight: `NOT payload ?| ARRAY['inFlight', 'accountId', 'error']`,
  decided: `NOT payload ?| ARRAY['accountId', 'error']`,
};

/** How slow a device is to be grows with each poll that came too soon, RFC 8628 §3.5: by one statement, whichever node it asks. */
const POLLED = `
  UPDATE coatcheck.oauth_artifacts a
  SET polled_at = $2, poll_seconds = coalesce(a.poll_seconds, ${POLL_SECONDS}) + CASE WHEN b.too_soon THEN 5 ELSE 0 END
  FROM (
    SELECT id_hash, coalesce(
      polled_at + (coalesce(poll_seconds, ${POLL_SECONDS}) * 1000 - ${TOLERATED_MILLISECONDS}) * interval '1 ms' > $2, false) AS too_soon
    FROM coatcheck.oauth_artifacts WHERE kind = 'DeviceCode' AND id_hash = $1 FOR UPDATE
  ) b
  WHERE a.kind = 'DeviceCode' AND a.id_hash = b.id_hash
  RETURNING a.payload, a.consumed_at, a.expires_at, b.too_soon`;

/** The operations of device codes beyond those of other artifacts. */
@Injectable()
export class DeviceCodes {
  private readonly key: Buffer;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    secretKey: SecretKey,
  ) {
    this.key = secretKey.derive('oauth-user-codes');
  }

  /** By a key of ours: there are so few user codes that a mere hash of one could be guessed by a reader of the table. */
  handleOf(userCode: string): string {
    return createHmac('sha256', this.key).update(userCode).digest('base64url');
  }

  /** The code, with the poll noted. Null when there is none. */
  async poll(idHash: string): Promise<PolledCode | null> {
    const [rows] = await this.dataSource.query(POLLED, [idHash, this.clock.now()]);
    const [row] = rows;
    if (row === undefined) return null;
    const { payload, consumed_at, expires_at, too_soon } = row;
    return { payload, consumedAt: consumed_at, expiresAt: expires_at, isTooSoon: too_soon };
  }

  /** Writes the code if it is not past that step. Of several at once exactly one gets true. */
  async advance(idHash: string, step: DeviceStep, payload: object): Promise<boolean> {
    const [, count] = await this.dataSource.query(
      `UPDATE coatcheck.oauth_artifacts SET payload = $2, grant_id = $3
       WHERE kind = 'DeviceCode' AND id_hash = $1 AND consumed_at IS NULL AND ${WHILE[step]}`,
      [idHash, payload, (payload as { grantId?: string }).grantId ?? null],
    );
    return count > 0;
  }
}
