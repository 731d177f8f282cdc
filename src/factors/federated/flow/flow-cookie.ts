import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller.js';
import { Cookies } from '../../../access/cookies.js';
import type { Exchange } from '../../../access/replier.js';
import { seal, unsealByAny } from '../../../kernel/sealed-text.js';
import { SecretKey } from '../../../kernel/secret-key.js';
import { type FederatedFlow, FLOW_SECONDS } from './federated-flow.js';

const PURPOSE = 'federated-flow';
/** As we make them. */
const STATE = /^[A-Za-z0-9_-]{43}$/;

/**
 * The cookie that binds a flow to the browser it was begun in: an answer is taken in no other one (RFC 9700 §4.7). Each flow has its own, so that
 * several tabs do not disturb each other.
 */
@Injectable()
export class FlowCookie {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    private readonly cookies: Cookies,
    secretKey: SecretKey,
  ) {
    this.keys = secretKey.deriveAll(PURPOSE);
  }

  set(flow: FederatedFlow, { replier }: Exchange): void {
    const value = seal(JSON.stringify(flow), this.keys[0], PURPOSE);
    replier.setCookie({ name: this.nameOf(flow.state), value, path: '/', maxAgeSeconds: FLOW_SECONDS });
  }

  /** The flow of a state in this browser; null for none, and where another cookie was planted beside it. When it ends has not been checked. */
  read(state: unknown, caller: Caller): FederatedFlow | null {
    if (typeof state !== 'string' || !STATE.test(state)) return null;
    const [value, ...others] = caller.cookies(this.nameOf(state));
    if (value === undefined || others.length > 0) return null;
    const text = unsealByAny(value, this.keys, PURPOSE);
    const flow = text === null ? null : (JSON.parse(text) as FederatedFlow);
    return flow?.state === state ? flow : null;
  }

  clear({ state }: FederatedFlow, { replier }: Exchange): void {
    replier.clearCookie({ name: this.nameOf(state), path: '/' });
  }

  private nameOf(state: string): string {
    return this.cookies.hostName(`federated-${state.slice(0, 8)}`);
  }
}
