import { canonicalEmail } from '../../../kernel/email-address.js';
import { isStandInAddress } from '../../../kernel/stand-in-address.js';
import type { Connection } from '../connections/connection.js';
import type { UpstreamIdentity } from '../upstreams/upstream.js';

/** The address of a person at a provider, and whether it counts as proven here. */
export interface ClaimedAddress {
  /** Canonical. */
  readonly email: string;
  /** The provider says that the address is verified, *and* an admin has said that its word is good for it. */
  readonly isProven: boolean;
}

/** Null where the provider names none that could be a user's here. */
export function claimedAddress(connection: Connection, identity: UpstreamIdentity): ClaimedAddress | null {
  const email = canonicalEmail(identity.email);
  if (email === null || isStandInAddress(email)) return null;
  return { email, isProven: identity.emailVerified === true && vouchesFor(connection, email) };
}

/** Whether an admin takes the connection's word for this canonical address: whole domains are compared. */
function vouchesFor({ settings }: Connection, email: string): boolean {
  const { vouchesForEmail } = settings;
  if (typeof vouchesForEmail === 'boolean') return vouchesForEmail;
  const domain = email.slice(email.lastIndexOf('@') + 1);
  return vouchesForEmail.some((one) => canonicalEmail(`x@${one}`) === `x@${domain}`);
}
