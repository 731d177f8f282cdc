import { Injectable } from '@nestjs/common';
import { AuthError } from '../kernel/auth-error.js';
import { standInAddress } from '../kernel/stand-in-address.js';
import { type AddressClaimant, UnprovenAddresses } from '../security/unproven-addresses.js';

/** Leads accounts back to the address they had, also when another user has taken it meanwhile. */
@Injectable()
export class WaysBack {
  constructor(private readonly addresses: UnprovenAddresses) {}

  /**
   * Runs `take` with the freed address. A user who never proved to read that mailbox gives way. One who did keeps it, and may be a stranger,
   * e.g. whose the mailbox is now: then the account gets a stand-in address, so that neither who moved it away nor that user has it, and
   * the link to a new password, which goes to the freed mailbox, says how to log in.
   *
   * @param take a whole transaction; throws `conflict` with the reason `address_taken` when the address is another user's
   */
  async take<T>(freed: string, by: AddressClaimant, take: (address: string) => Promise<T>): Promise<T> {
    try {
      return await this.addresses.claim(freed, by, () => take(freed));
    } catch (error) {
      if (!(error instanceof AuthError) || error.reason !== 'address_taken') throw error;
      return take(standInAddress());
    }
  }
}
