import { Resolver } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';
import { AuthError } from '../../../kernel/auth-error.js';

const NOTHING = ['ENOTFOUND', 'ENODATA'];

/** Reads TXT records of domains from DNS. */
@Injectable()
export class DomainRecords {
  private readonly resolver = new Resolver({ timeout: 2_000, tries: 2 });

  /** The TXT records of a name, each in one piece. @throws AuthError `unavailable` when no name server answers */
  async textsOf(name: string): Promise<string[]> {
    try {
      return (await this.resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (cause) {
      if (NOTHING.includes(String((cause as NodeJS.ErrnoException).code))) return [];
      throw new AuthError('unavailable', { reason: 'name_servers_unreachable', cause });
    }
  }
}
