import type { EntityManager } from 'typeorm';

/** That one user may have. */
export const MOST_PASSKEYS = 50;

/** A passkey as stored: WebAuthn's credential record, Level 3 §4. */
export interface PasskeyRecord {
  /** UUIDv7: what the API calls it by. */
  readonly id: string;
  readonly userId: string;
  /**
   * As the authenticator chose it, base64url; unique among those of its user. Not over all users: a user who registers one that they were told
   * would learn whether another user has it.
   */
  readonly credentialId: string;
  /** COSE_Key, base64url. */
  readonly publicKey: string;
  /** 32 bits, unsigned. 0 for ever: the authenticator does not count. */
  readonly signatureCount: number;
  /** How the authenticator may be reached, as the browser told; nothing about it is checked. */
  readonly transports: readonly string[];
  /** The make of the authenticator; all zero when it does not say. */
  readonly aaguid: string;
  /** Whether it may be copied to other devices; never changes. */
  readonly backupEligible: boolean;
  /** Whether it was copied, when it was last used. */
  readonly backedUp: boolean;
  /**
   * Whether the browser created it by itself after a login by password. It is a way to log in, but no login asks for it as a second factor, and it
   * satisfies no policy: its user may not know of it, and has it on one device.
   */
  readonly automatic: boolean;
  readonly name: string;
  readonly createdAt: Date;
  /** Null until it was first used. */
  readonly lastUsedAt: Date | null;
}

/** The changes to a passkey when it is used. */
export interface PasskeyUse {
  readonly signatureCount: number;
  readonly backedUp: boolean;
  readonly at: Date;
}

/** Where passkeys are kept. Default: the table `passkeys`. `within` is the transaction to take part in. */
export abstract class PasskeyStore {
  /** The oldest first; empty also for an id that no user has. */
  abstract listOf(userId: string, within?: EntityManager): Promise<PasskeyRecord[]>;

  /** Null when this user has none of that id, also when another user has it, and for anything that is no user's id. */
  abstract findOf(userId: string, credentialId: string): Promise<PasskeyRecord | null>;

  /** Atomic: of any number of inserts of one credential id for one user, exactly one answers true. Other users may have it too. */
  abstract insert(passkey: PasskeyRecord, within?: EntityManager): Promise<boolean>;

  /**
   * Notes a use, in one statement. False, and nothing written, when the passkey is gone, or its counter has got as far meanwhile:
   * it must rise, or be 0 for ever (Level 3 §7.2).
   */
  abstract recordUse(id: string, use: PasskeyUse): Promise<boolean>;

  /** False when this user has no such passkey. */
  abstract rename(userId: string, id: string, name: string): Promise<boolean>;

  /** 0 when this user has no such passkey. */
  abstract delete(userId: string, id: string, within?: EntityManager): Promise<number>;

  abstract deleteAll(userId: string, within?: EntityManager): Promise<number>;
}
