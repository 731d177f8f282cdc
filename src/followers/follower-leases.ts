import { Injectable } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { AuthError } from '../kernel/auth-error.js';
import { haveKeysRoutes } from '../keys/keys-options.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { RevocationRelay } from '../revocation/revocation-relay.js';
import { SteadyClock } from '../revocation/steady-clock.js';
import { tokenParties } from '../strategies/jwt/jwt-options.js';
import { FollowerIds } from './follower-ids.js';
import { followerOptions } from './follower-options.js';
import { FollowerStream } from './follower-stream.js';
import { FollowerStreams } from './follower-streams.js';
import { LeaseCalls } from './lease-calls.js';
import type { FollowerMode, LeaseLine, RenewBody, RenewReply } from './wire.js';

const RETRY_SECONDS = 1;

/**
 * Leases of followers: to revokers each is a node. The proof of `docs/design/revocation.md` holds for it because nothing here ends a lease
 * that its holder may still answer by: a lease that is refused is only not prolonged, and ends by itself.
 */
@Injectable()
export class FollowerLeases {
  private readonly calls: LeaseCalls;

  constructor(
    private readonly relay: RevocationRelay,
    private readonly streams: FollowerStreams,
    private readonly ids: FollowerIds,
    private readonly clock: SteadyClock,
    private readonly signingKeys: SigningKeys,
    private readonly options: Options,
  ) {
    this.calls = new LeaseCalls(relay);
  }

  /**
   * Opens a stream, whose first line is written when it resolves.
   *
   * @throws AuthError `unavailable` while this node hears of no revocation or stops, `rate_limited` beyond `FOLLOWERS_PER_KEY`
   */
  async open(asked: FollowerMode, keyId: string): Promise<FollowerStream> {
    if (this.streams.isStopping) throw unavailable('node_stops');
    if (this.streams.countOf(keyId) >= this.most) throw tooMany();
    const mode = this.relay.waits ? asked : 'bounded';
    const stream = new FollowerStream(keyId, mode);
    if (this.relay.isThere && !this.relay.isTold()) throw unavailable('node_has_no_lease');
    if (!this.relay.isThere || (mode === 'acknowledged' && this.streams.isSuspended(keyId))) {
      this.streams.add(stream);
      stream.begin(this.lineWith({ id: null, follows: false, mode, head: 0, unsettled: [] }));
      return stream;
    }
    // Before the lease: every revocation beyond its head comes by the stream.
    this.streams.add(stream);
    try {
      const { leaseId, ...granted } = await this.granted(mode, keyId);
      stream.begin(this.lineWith({ follows: true, mode, ...granted }));
      stream.leaseId = leaseId;
    } catch (error) {
      stream.body.destroy();
      throw error;
    }
    // The node has lost its own lease meanwhile. No follower has been told of this one, and it ends by itself.
    if (!stream.isOpen) throw unavailable('node_lost_its_lease');
    return stream;
  }

  /**
   * Notes what a follower has applied, and prolongs its lease if it is to be.
   *
   * @throws AuthError `not_found` when no such lease runs, it is of another key, or its holder is to lose it: it has not applied what was there
   *   half a lease ago; `unavailable`
   */
  async renew(id: string, { applied, renews }: RenewBody, keyId: string): Promise<RenewReply> {
    const lease = this.ids.read(id, keyId);
    if (!lease) throw gone('unknown_lease');
    const { positions } = this.streams;
    if (this.relay.isTold()) positions.note(this.relay.position, this.clock.milliseconds());
    // Else it would delay every revocation, for as long as it asks.
    if (renews && applied < positions.dueAt(this.clock.milliseconds())) throw gone('follower_lags');
    if (lease.mode === 'bounded') {
      if (!this.relay.isTold()) throw unavailable('node_has_no_lease');
      return { head: Math.max(applied, this.relay.position) };
    }
    if (!this.relay.isThere) throw gone('no_feed');
    this.streams.watch();
    const head = await this.calls.tell(lease.leaseId, { applied, renews });
    if (head === null) throw gone('lease_over');
    // Of another feed: the store was emptied.
    if (head < applied) throw gone('ahead_of_the_feed');
    return { head };
  }

  /** For a follower that has forgotten everything. @throws AuthError `not_found` for a lease of another key */
  async end(id: string, keyId: string): Promise<void> {
    const lease = this.ids.read(id, keyId);
    if (!lease) throw gone('unknown_lease');
    if (lease.mode === 'acknowledged' && this.relay.isThere) await this.relay.release(lease.leaseId);
  }

  /** `leaseId` null: the store has recorded none. */
  private async granted(
    mode: FollowerMode,
    keyId: string,
  ): Promise<Pick<LeaseLine, 'id' | 'head' | 'unsettled'> & { readonly leaseId: string | null }> {
    const { id, leaseId } = this.ids.fresh(mode, keyId);
    if (mode === 'bounded') return { id, leaseId: null, head: (await this.relay.status()).head, unsettled: [] };
    this.streams.watch();
    const { head, unsettled } = await this.relay.grant(leaseId);
    const { leases } = await this.relay.status();
    const own = leases.filter((lease) => lease.leaseId.startsWith(this.ids.prefixOf(keyId)));
    if (own.length <= this.most) return { id, leaseId, head, unsettled };
    await this.relay.release(leaseId);
    throw tooMany();
  }

  private lineWith(of: Pick<LeaseLine, 'id' | 'follows' | 'mode' | 'head' | 'unsettled'>): LeaseLine {
    const { issuer, audience } = tokenParties(this.options);
    const { leaseSeconds } = this.relay;
    return { type: 'lease', version: 1, ...of, leaseSeconds, issuer, audience, jwksUri: this.jwksUri() };
  }

  private jwksUri(): string | null {
    const isPublished =
      haveKeysRoutes(this.options) && this.signingKeys.accepted().some((key) => key.publicJwk !== null);
    const { publicUrl } = this.options.of(coreOptions);
    return isPublished ? `${publicUrl.replace(/\/$/, '')}/.well-known/jwks.json` : null;
  }

  private get most(): number {
    return this.options.of(followerOptions).followersPerKey;
  }
}

function unavailable(reason: string): AuthError {
  return new AuthError('unavailable', { reason, retryAfterSeconds: RETRY_SECONDS });
}

function gone(reason: string): AuthError {
  return new AuthError('not_found', { reason });
}

/** A lease that was lost without a word runs out within its time. */
function tooMany(): AuthError {
  return new AuthError('rate_limited', { reason: 'too_many_followers', retryAfterSeconds: RETRY_SECONDS });
}
