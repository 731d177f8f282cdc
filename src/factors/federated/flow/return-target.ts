import { Injectable } from '@nestjs/common';
import { accessOptions } from '../../../access/access-options.js';
import { coreOptions } from '../../../config/core-options.js';
import { Options } from '../../../config/options.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { isServed } from '../../../pages/pages-options.js';
import { returnAddress } from '../../../pages/return-address.js';

/** Longer ones would not fit into the cookie of the flow, with several tabs. */
const MOST_CHARACTERS = 1000;
/** Nothing but printable ASCII, as a browser writes an address. */
const PRINTABLE = /^[!-~]+$/;

/** Where a browser may be sent once a flow is over: to this origin, and to those of `CORS_ORIGINS`, compared exactly. */
@Injectable()
export class ReturnTargets {
  private readonly origins: ReadonlySet<string>;
  private readonly hasPages: boolean;

  constructor(options: Options) {
    const own = new URL(options.of(coreOptions).publicUrl).origin;
    this.origins = new Set([own, ...options.of(accessOptions).corsOrigins]);
    this.hasPages = isServed('sign-in', options);
  }

  /**
   * The `returnTo` of a client, once it has proven acceptable.
   *
   * @returns null where nothing was given: then pages go on
   * @throws AuthError `validation_failed` for any other place, and for none where there are no pages
   */
  read(given: string | null | undefined): string | null {
    if (given === undefined || given === null) {
      if (this.hasPages) return null;
      throw refused('isGiven', 'returnTo must be given where no pages are served');
    }
    if (this.isGood(given)) return given;
    throw refused(
      'isReturnTarget',
      'returnTo must be an address of this origin or one of CORS_ORIGINS, without a fragment',
    );
  }

  private isGood(given: string): boolean {
    if (given.length > MOST_CHARACTERS || !PRINTABLE.test(given)) return false;
    if (given.startsWith('/')) return returnAddress(given) !== null;
    if (given.includes('\\') || given.includes('#') || !URL.canParse(given)) return false;
    const { protocol, origin, username, password } = new URL(given);
    return /^https?:$/.test(protocol) && username === '' && password === '' && this.origins.has(origin);
  }
}

function refused(rule: string, message: string): AuthError {
  const errors = [{ field: 'returnTo', rule, message }];
  return new AuthError('validation_failed', { reason: 'return_target_refused', errors });
}
