import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller.js';
import { Cookies } from '../../../access/cookies.js';
import type { Exchange } from '../../../access/replier.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { seal, unsealByAny } from '../../../kernel/sealed-text.js';
import { SecretKey } from '../../../kernel/secret-key.js';
import { type FederatedFlow, FLOW_SECONDS } from './federated-flow.js';

const PURPOSE = 'federated-flow';
/** Of the name of each. */
const BASE = 'federated-';
/** Proxies take headers of 8 KiB, and there are other cookies: that many flows of a browser, and so many characters of them together. */
const MOST_FLOWS = 6;
const MOST_CHARACTERS = 6_000;
/** RFC 6265bis §5.6: a browser drops a longer cookie, name included. */
const MOST_CHARACTERS_OF_ONE = 4_096;
/** Most flow cookies that are read from a header: another party may have made them. */
const MOST_READ = 64;
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

  /**
   * Of the flows that this browser has begun before, the oldest go where there would be too many.
   *
   * @throws AuthError `validation_failed` for a `returnTo` that does not fit into a cookie with the rest
   */
  set(flow: FederatedFlow, exchange: Exchange): void {
    const name = this.nameOf(flow.state);
    const value = seal(JSON.stringify(flow), this.keys[0], PURPOSE);
    if (name.length + value.length > MOST_CHARACTERS_OF_ONE) throw tooLong();
    this.makeRoom(name.length + value.length, exchange);
    exchange.replier.setCookie({ name, value, path: '/', maxAgeSeconds: FLOW_SECONDS });
  }

  private makeRoom(needed: number, { caller, replier }: Exchange): void {
    let [flows, characters] = [1, needed];
    for (const { name, length } of this.heldBy(caller)) {
      flows += 1;
      characters += length;
      if (flows > MOST_FLOWS || characters > MOST_CHARACTERS) replier.clearCookie({ name, path: '/' });
    }
  }

  /** The newest first; what is none of ours is the oldest. */
  private heldBy(caller: Caller): { readonly name: string; readonly length: number; readonly startedAt: number }[] {
    const names = caller.cookieNames(this.cookies.hostName(BASE)).slice(0, MOST_READ);
    const held = names.map((name) => {
      const values = caller.cookies(name);
      const text = values.length === 1 ? unsealByAny(values[0]!, this.keys, PURPOSE) : null;
      const startedAt = text === null ? 0 : (JSON.parse(text) as FederatedFlow).startedAt;
      return { name, length: values.reduce((sum, value) => sum + name.length + value.length, 0), startedAt };
    });
    return held.sort((one, other) => other.startedAt - one.startedAt);
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
    return this.cookies.hostName(`${BASE}${state.slice(0, 8)}`);
  }
}

function tooLong(): AuthError {
  const errors = [
    { field: 'returnTo', rule: 'fits', message: 'returnTo must be shorter: it does not fit into a cookie' },
  ];
  return new AuthError('validation_failed', { reason: 'flow_too_long', errors });
}
