import { Injectable } from '@nestjs/common';
import type { Exchange } from '../../../access/replier.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { type PageView, type SeeOther, seeProblem, view } from '../../../pages/page-view.js';
import type { Connection } from '../connections/connection.js';
import { labelOf } from '../connections/connection-label.js';
import { FederatedFlows, type FlowParams } from '../flow/federated-flows.js';

/** Sends browsers to providers after a form. */
@Injectable()
export class Departures {
  constructor(private readonly flows: FederatedFlows) {}

  /** Begins a flow. @param back page of the form, for when the provider cannot be reached */
  begin(params: Omit<FlowParams, 'isByPage'>, back: string, exchange: Exchange): Promise<PageView | SeeOther> {
    return this.leave(this.flows.begin({ ...params, isByPage: true }, exchange), params.connection, back);
  }

  /**
   * By a page that goes on by itself rather than by a redirect: Chromium holds every hop after a form to `form-action`, and where a provider leads on to (a
   * customer's own login, another of its domains) cannot be listed here.
   *
   * @param to where a flow that has begun leads
   */
  async leave(to: Promise<URL>, connection: Connection, back: string): Promise<PageView | SeeOther> {
    try {
      const { href: address } = await to;
      const values = { provider: labelOf(connection), address };
      return view('federated-leaving', values, { headers: { Refresh: `0; url=${address}` } });
    } catch (error) {
      if (!(error instanceof AuthError) || error.code !== 'unavailable') throw error;
      return seeProblem(back, 'federated.unavailable');
    }
  }
}
