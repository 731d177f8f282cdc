import { Injectable } from '@nestjs/common';
import type { Exchange } from '../../../access/replier.js';
import { Options } from '../../../config/options.js';
import { genericCredentialError } from '../../../http/generic-credential-error.interceptor.js';
import { toAuthError } from '../../../http/problem-details.filter.js';
import type { AuthError } from '../../../kernel/auth-error.js';
import { LoginService } from '../../../login/login.service.js';
import type { LoginResult } from '../../../login/login-result.js';
import { PendingLoginCookie } from '../../../login/pages/pending-login-cookie.js';
import { type SeeOther, seeAddress, seeOther, seeProblem } from '../../../pages/page-view.js';
import { isServed } from '../../../pages/pages-options.js';
import { withReturn } from '../../../pages/return-address.js';
import { OwnLinks } from '../identities/own-links.js';
import type { FederatedFlow } from './federated-flow.js';
import { FederatedFlows } from './federated-flows.js';
import { FlowCookie } from './flow-cookie.js';
import { type FlowEnd, FlowEnds, type FragmentWords } from './flow-ends.js';

/** Only the parameters are read. */
const ANYWHERE = 'http://callback.invalid';

/** Handles the answer of a provider, and says where the browser goes then. */
@Injectable()
export class CallbackService {
  private readonly hasPages: boolean;

  constructor(
    private readonly flows: FederatedFlows,
    private readonly flowCookie: FlowCookie,
    private readonly logins: LoginService,
    private readonly links: OwnLinks,
    private readonly pendingCookie: PendingLoginCookie,
    private readonly ends: FlowEnds,
    options: Options,
  ) {
    this.hasPages = isServed('sign-in', options);
  }

  /**
   * Takes an answer, once, whatever comes of it.
   *
   * @param address path and parameters, as the request has them
   * @returns where the browser goes, also after a refusal: it never returns one
   * @throws errors of our own, which say nothing about the user
   */
  async take(address: string, slug: string, exchange: Exchange): Promise<FlowEnd> {
    const callback = new URL(address, ANYWHERE);
    const flow = this.flows.peek(callback.searchParams.get('state'), exchange.caller);
    // However it ends, this browser is done with the flow.
    if (flow) this.flowCookie.clear(flow, exchange);
    try {
      if (flow?.purpose === 'link' && flow.owner !== null) {
        await this.links.finish(callback, slug, flow.owner, exchange);
        return this.linked(flow);
      }
      const { strategy, transport } = flow ?? {};
      const result = await this.logins.login(
        'federated',
        { callback: callback.href, slug },
        { strategy, transport },
        exchange,
      );
      return this.next(result, flow!, exchange);
    } catch (error) {
      return this.refused(toAuthError(genericCredentialError(error)), flow);
    }
  }

  private next(result: LoginResult, flow: FederatedFlow, exchange: Exchange): FlowEnd {
    const { returnTo } = flow;
    const goesOnByPage = flow.isByPage || returnTo === null;
    if (result.status === 'authenticated') {
      if (goesOnByPage) this.pendingCookie.clear(exchange);
      return at(returnTo, seeOther('/account'));
    }
    const { status, factors } = result;
    const said = { status, factors: factors.join(',') };
    if (result.status === 'enrolment_required') {
      return goesOnByPage ? { page: enrolmentPage(returnTo) } : { address: returnTo, said };
    }
    const { loginToken, expiresIn } = result;
    if (!goesOnByPage) return { address: returnTo, said: { ...said, loginToken, expiresIn: String(expiresIn) } };
    this.pendingCookie.set({ loginToken, expiresIn }, exchange);
    return { page: seeOther(withReturn('/sign-in/factor', returnTo)) };
  }

  private linked({ returnTo, isByPage }: FederatedFlow): FlowEnd {
    if (isByPage || returnTo === null) return { page: seeOther('/account/identities', 'federated.linked') };
    return { address: returnTo, said: {} };
  }

  private refused(error: AuthError, flow: FederatedFlow | null): FlowEnd {
    if (error.code === 'internal_error') throw error;
    const { code, retryAfterSeconds } = error;
    const said: FragmentWords = {
      error: code,
      ...(retryAfterSeconds !== undefined && { retryAfter: String(retryAfterSeconds) }),
    };
    const goesOnByPage = flow === null || flow.isByPage || flow.returnTo === null;
    if (!goesOnByPage) return { address: flow.returnTo!, said };
    if (!this.hasPages) return { address: this.ends.nowhere, said };
    if (flow?.purpose === 'link') return { page: seeProblem('/account/identities', 'federated.not-linked') };
    const form = withReturn(flow?.purpose === 'step_up' ? '/confirm' : '/sign-in', flow?.returnTo ?? null);
    return { page: seeProblem(form, wordOf(error)) };
  }
}

const WORD_OF: Readonly<Record<string, string>> = {
  email_unverified: 'federated.unverified',
  user_banned: 'federated.banned',
  unavailable: 'federated.unavailable',
};

/** A user who has confirmed in the middle of an enrolment goes on with the enrolment. */
function enrolmentPage(returnTo: string | null): SeeOther {
  const isAmong = returnTo !== null && /^\/sign-in\/enrol(\/|\?|$)/.test(returnTo);
  return isAmong ? seeAddress(returnTo) : seeOther(withReturn('/sign-in/enrol', returnTo));
}

/** Reasons for which a login elsewhere confirms nothing: the user is logged in, and may know. */
const NOT_NEW: ReadonlySet<string> = new Set(['no_time_of_login', 'login_is_not_new']);

function wordOf({ code, reason }: AuthError): string {
  if (reason !== undefined && NOT_NEW.has(reason)) return 'federated.not-new';
  return WORD_OF[code] ?? 'federated.refused';
}

/** A path of ours goes as it is: the browser knows its origin. */
function at(returnTo: string | null, otherwise: SeeOther): FlowEnd {
  if (returnTo === null) return { page: otherwise };
  return returnTo.startsWith('/') ? { page: seeAddress(returnTo) } : { address: returnTo, said: {} };
}
