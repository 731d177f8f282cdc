import { Injectable } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { Options } from '../../config/options.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { apiKeyOptions } from './api-key-options.js';

/** Whether the holder of a ticket may create keys with it: a key outlives a session that was left open. */
@Injectable()
export class FreshLogin {
  constructor(
    private readonly proof: FreshProof,
    private readonly options: Options,
  ) {}

  /** @throws AuthError `step_up_required` */
  assert(auth: AuthContext): Promise<void> {
    return this.proof.assert(auth, this.options.of(apiKeyOptions).apiKeyFreshSeconds);
  }
}
