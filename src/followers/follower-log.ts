import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { type AuditOrigin, AuditSink } from '../audit/audit-sink.js';
import type { CredentialAuth } from '../kernel/auth-context.js';
import type { FollowerStream } from './follower-stream.js';
import { FollowerStreams } from './follower-streams.js';

/** A key that comes back within this time was never away: services restart, and streams are cut. */
const ABSENCE_MILLISECONDS = 60_000;
/** Keys with the scope are made by admins; beyond, something is wrong, and the record of it is in the limits. */
const MOST_KEYS = 1_000;

/** Records which keys follow at this node: once when the first stream of a key opens, once when all have been closed for a while. */
@Injectable()
export class FollowerLog implements BeforeApplicationShutdown {
  /** By key: what ends its presence; undefined while it has a stream. */
  private readonly present = new Map<string, NodeJS.Timeout | undefined>();

  constructor(
    private readonly audit: AuditSink,
    private readonly streams: FollowerStreams,
  ) {}

  async joined(stream: FollowerStream, auth: CredentialAuth, name: string | undefined, origin: AuditOrigin) {
    const { keyId, mode } = stream;
    const isNew = !this.present.has(keyId) && this.present.size < MOST_KEYS;
    clearTimeout(this.present.get(keyId));
    if (isNew || this.present.has(keyId)) this.present.set(keyId, undefined);
    stream.once('close', () => this.closed(keyId, auth.user.id));
    if (isNew)
      await this.record('follower.joined', auth.user.id, { keyId, mode, ...(name !== undefined && { name }) }, origin);
  }

  /** A node that stops says nothing: its followers go on at others. */
  beforeApplicationShutdown(): void {
    for (const timer of this.present.values()) clearTimeout(timer);
    this.present.clear();
  }

  private closed(keyId: string, userId: string): void {
    if (this.streams.countOf(keyId) > 0 || !this.present.has(keyId)) return;
    clearTimeout(this.present.get(keyId));
    const leave = () => {
      this.present.delete(keyId);
      void this.record('follower.left', userId, { keyId }, null);
    };
    this.present.set(keyId, setTimeout(leave, ABSENCE_MILLISECONDS).unref());
  }

  private record(
    type: 'follower.joined' | 'follower.left',
    userId: string,
    details: Readonly<Record<string, string>>,
    origin: AuditOrigin | null,
  ): Promise<void> {
    return this.audit.record({ type, userId, ...details, origin });
  }
}
