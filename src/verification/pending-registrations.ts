import type { EntityManager } from 'typeorm';

/** Something that waits for a user's address to be verified, e.g. a registration. */
export interface PendingOrigin {
  readonly id: string;
  /** When it came about. */
  readonly at: Date;
}

/** A user's mailbox was proven for the first time. */
export interface MailboxProof {
  readonly userId: string;
  /** What the link that was followed stands for, e.g. one registration; a link mailed again stands for the same. */
  readonly originId: string;
  /** `reset`: by a link that sets a password. Whoever followed it chooses one themselves. */
  readonly by: 'verification' | 'reset';
}

/** Registrations that wait for the proof of a mailbox. The password factor provides them. */
export abstract class PendingRegistrations {
  /** What is pending for a user: a link that is mailed again must stand for one of them, or it would install nothing. */
  abstract originsOf(userId: string): Promise<readonly PendingOrigin[]>;

  /** Installs what the proof's origin stands for, and drops the rest. In the proof's transaction, which has locked the user. */
  abstract settle(proof: MailboxProof, within: EntityManager): Promise<void>;
}
