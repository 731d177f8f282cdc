/** What a follower and the service say to each other, version 1: `docs/reference/verify-protocol.md`. Types only, so that both sides may import it. */

/** `acknowledged`: revocations wait for the follower. `bounded`: no revocation waits for it, and it follows within twice the lease. */
export type FollowerMode = 'acknowledged' | 'bounded';

/** Body of `POST /auth/followers`. */
export interface OpenStreamBody {
  /** Default `acknowledged`. */
  readonly mode?: FollowerMode;
  /** For people: which process it is. */
  readonly name?: string;
}

/** What a revocation says, without its number. */
export interface WireAnnouncement {
  /** `session:<id>`, `user:<id>`, `key:<id>`, `grant:<id>`, `client:<id>`, or `all:sessions`: everything. */
  readonly subject: string;
  readonly kind: 'ended' | 'changed';
  /** The change may not be visible yet: nothing of the subject is kept for 60 s, or until it settles. */
  readonly unsettled?: true;
  /** One unsettled change of the subject is visible now. */
  readonly settles?: true;
}

/** The first line of a stream. */
export interface LeaseLine {
  readonly type: 'lease';
  readonly version: 1;
  /** Null: the service has no feed, and every request needs a look-up. */
  readonly id: string | null;
  /** Whether revocations come by this stream; false if, and only if, `id` is null. */
  readonly follows: boolean;
  /** What the service promises, which may be less than was asked for. */
  readonly mode: FollowerMode;
  readonly leaseSeconds: number;
  /** Number of the latest revocation; the stream goes on with the next one. */
  readonly head: number;
  readonly unsettled: readonly WireAnnouncement[];
  readonly issuer: string;
  /** The audience of a look-up that names none. */
  readonly audience: string;
  /** Null: no public key is published (HS256, or no strategy that signs), and every token needs a look-up. */
  readonly jwksUri: string | null;
}

/** One revocation; numbers have no gap. */
export interface RevokedLine extends WireAnnouncement {
  readonly type: 'revoked';
  readonly seq: number;
}

/** The stream lives. */
export interface BeatLine {
  readonly type: 'beat';
  /** Number of the latest revocation that this stream has told (at first: of the lease). */
  readonly head: number;
}

/** The published keys have changed: read them anew before a token by an unknown key is refused. */
export interface KeysLine {
  readonly type: 'keys';
}

/** The service closes the stream on purpose; nothing comes after it. */
export interface EndLine {
  readonly type: 'end';
  /** `unavailable`: open another one. `unauthenticated`, `forbidden`: the credential is over. */
  readonly code: string;
}

/** A line of the stream. Lines of a type that is not known are to be ignored. */
export type StreamLine = LeaseLine | RevokedLine | BeatLine | KeysLine | EndLine;

/** Body of `PUT /auth/followers/:id`. */
export interface RenewBody {
  /** All revocations up to this one have been applied. */
  readonly applied: number;
  /** Whether the lease is to be prolonged, or only the number to be noted. */
  readonly renews: boolean;
}

/** Reply to it. */
export interface RenewReply {
  /** Number of the latest revocation that there is. */
  readonly head: number;
}

/** Body of `POST /auth/followers/look-ups`. */
export interface LookUpBody {
  /** Access token, API key, or access token of an OAuth client. */
  readonly ticket: string;
  /** What the follower had applied before it asked; absent: it holds no lease. */
  readonly applied?: number;
  /** Default: the `audience` of the lease. */
  readonly audience?: string;
}

/** The user behind a ticket, as `GET /auth/me` tells them. Instants are RFC 3339. */
export interface WireUser {
  readonly id: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly createdAt: string;
  /** What the application has declared. */
  readonly [field: string]: unknown;
}

/** The session behind an access token, as `GET /auth/me` tells it. Instants are RFC 3339. */
export interface WireSession {
  readonly id: string;
  readonly strategy: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly expiresIn: number | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly device: string | null;
  readonly amr: readonly string[];
  /** The admin who acts as the user; absent: the user alone. */
  readonly impersonatorId?: string;
}

/** A credential of a machine. */
export interface WireCredential {
  readonly id: string;
  readonly name: string | null;
}

/** What the holder must also possess to use the ticket (RFC 7800): the follower has it proven, or refuses the request. */
export interface WireConfirmation {
  /** RFC 9449: thumbprint of the key whose proofs (DPoP) it needs. */
  readonly jkt?: string;
  /** RFC 8705: thumbprint of the certificate of the connection. */
  readonly 'x5t#S256'?: string;
}

export interface AcceptedVerdict {
  readonly accepted: true;
  readonly by: 'session' | 'credential';
  /** `jwt`, `api-key`, `oauth`, or one of the application's own. */
  readonly strategy: string;
  readonly user: WireUser;
  /** Of an access token; absent for machines. */
  readonly session?: WireSession;
  /** Of a machine; absent for sessions. */
  readonly credential?: WireCredential;
  /** Of a machine: what it may do. A session has none, and needs none. */
  readonly scopes?: readonly string[];
  /** The application that acts for the user. */
  readonly client?: { readonly id: string; readonly firstParty: boolean };
  /** Absent: any holder of the ticket may use it. */
  readonly cnf?: WireConfirmation;
  /** A revocation of any of these, or of `all:sessions`, makes the answer void. */
  readonly subjects: readonly string[];
  /** False: it is good for this one request. */
  readonly keep: boolean;
  /** How long it may be kept, by the follower's own steady clock and from before it asked. Seconds, perhaps with a fraction. */
  readonly goodForSeconds: number;
  /** Counts the changes of the user: an access token with another `ver` is out of date. */
  readonly revision: number;
}

export interface RefusedVerdict {
  readonly accepted: false;
  readonly code: 'unauthenticated' | 'token_expired' | 'session_ended' | 'forbidden';
}

/** Reply to a look-up. */
export type LookUpVerdict = AcceptedVerdict | RefusedVerdict;
