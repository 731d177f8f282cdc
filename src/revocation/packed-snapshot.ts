import type { CustomClaims } from '../kernel/auth-context.js';
import { deepFrozen, EMPTY_OBJECT } from '../kernel/json-object.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import type { SessionSnapshot } from './session-view.js';

/**
 * A snapshot in a quarter of its size: what sessions have in common is shared, and the rest is one text, where a `Date` alone
 * would take a hundred bytes.
 */
export interface PackedSnapshot {
  readonly text: string;
  /** Of the few texts and lists that many sessions have in common. */
  readonly common: Common;
}

type Common = Pick<SessionSnapshot, 'strategy' | 'transport' | 'userAgent' | 'device' | 'amr'> & {
  readonly roles: readonly string[];
};

/** Beyond, sharing starts anew: clients choose their user agents, and could fill the memory with them. */
const SHARED = 10_000;

/** Packs, and unpacks without loss. */
export class SnapshotPacker {
  private shared = new Map<string, Common>();

  pack({ strategy, transport, userAgent, device, amr, user, ...own }: SessionSnapshot): PackedSnapshot {
    const { createdAt, authenticatedAt, lastSeenAt, idleExpiresAt, absoluteExpiresAt, endedAt } = own;
    const start = createdAt.getTime();
    // As what has passed since the start: fewer digits.
    const since = (instant: Date) => instant.getTime() - start;
    const instants = [authenticatedAt, lastSeenAt, idleExpiresAt, absoluteExpiresAt, user.createdAt].map(since);
    const { email, emailVerified, name, roles, revision, fields, language = null } = user;
    const rest = [
      own.secretHash,
      own.ip,
      email,
      emailVerified,
      name,
      revision,
      own.userBannedUntil?.getTime() ?? null,
      own.isSuperseded,
      endedAt && since(endedAt),
      packed(own.claims),
      packed(own.metadata),
      // Not a byte where none are declared, and none is chosen.
      ...(Object.keys(fields).length > 0 || language !== null ? [fields] : []),
      ...(language === null ? [] : [language]),
    ];
    const text = JSON.stringify([start, ...instants, ...rest]);
    return { text, common: this.share({ strategy, transport, userAgent, device, amr, roles }) };
  }

  unpack(id: string, userId: string, { text, common }: PackedSnapshot): SessionSnapshot {
    const { roles, ...kept } = common;
    const [start, authenticated, seen, idle, absolute, userCreated, secretHash, ip, ...user] = JSON.parse(text) as Row;
    const [
      email,
      emailVerified,
      name,
      revision,
      bannedUntil,
      isSuperseded,
      ended,
      claims,
      metadata,
      fields,
      language = null,
    ] = user;
    return {
      id,
      ...kept,
      secretHash,
      createdAt: new Date(start),
      authenticatedAt: new Date(start + authenticated),
      lastSeenAt: new Date(start + seen),
      idleExpiresAt: new Date(start + idle),
      absoluteExpiresAt: new Date(start + absolute),
      ip,
      claims: unpacked(claims),
      metadata: unpacked(metadata),
      endedAt: ended === null ? null : new Date(start + ended),
      // Of persons only: no session is started for a service user.
      user: {
        id: userId,
        kind: 'person',
        email,
        emailVerified,
        name,
        roles,
        createdAt: new Date(start + userCreated),
        revision,
        fields: fields === undefined ? NO_FIELDS : (deepFrozen(fields) as UserFieldValues),
        language,
      },
      userBannedUntil: bannedUntil === null ? null : new Date(bannedUntil),
      isSuperseded,
      // No node keeps a session in which an admin acts as the user.
      impersonatorId: null,
      // Nor one that is good for little.
      onlyFor: null,
    };
  }

  private share(common: Common): Common {
    const key = JSON.stringify(common);
    const known = this.shared.get(key);
    if (known) return known;
    if (this.shared.size >= SHARED) this.shared = new Map();
    // A handler that put a role into a list of its caller's would put it into everyone's.
    const frozen = { ...common, amr: Object.freeze([...common.amr]), roles: Object.freeze([...common.roles]) };
    this.shared.set(key, frozen);
    return frozen;
  }
}

const NO_FIELDS: UserFieldValues = Object.freeze({});

type Instants = [number, number, number, number, number, number];
type Row = [
  ...Instants,
  string | null,
  string | null,
  string,
  boolean,
  string | null,
  number,
  number | null,
  boolean,
  number | null,
  CustomClaims | null,
  CustomClaims | null,
  UserFieldValues?,
  (string | null)?,
];

/** Most sessions have none. */
function packed(given: CustomClaims): CustomClaims | null {
  for (const _ in given) return given;
  return null;
}

function unpacked(given: CustomClaims | null): CustomClaims {
  return given === null ? EMPTY_OBJECT : (deepFrozen(given) as CustomClaims);
}
