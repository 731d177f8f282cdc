import http from 'node:http';
import https from 'node:https';
import { Injectable } from '@nestjs/common';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { Options } from '../config/options.js';
import type { WebhookMessage } from './signed-webhook.js';
import { webhookOptions } from './webhook-options.js';

/** Sends requests out, to public addresses only: whatever a name resolves to is looked at when the connection is made. */
@Injectable()
export class WebhookClient {
  private readonly timeoutMilliseconds: number;
  private readonly agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };

  constructor(options: Options) {
    const { webhookInternalAddresses, webhookTimeoutSeconds } = options.of(webhookOptions);
    const limits = { allowIPAddressList: [...webhookInternalAddresses], keepAlive: true, maxSockets: 4 };
    this.timeoutMilliseconds = webhookTimeoutSeconds * 1000;
    this.agents = {
      'http:': new RequestFilteringHttpAgent(limits),
      'https:': new RequestFilteringHttpsAgent(limits),
    };
  }

  /** The status of the answer, whose body is not read. Redirects are not followed. Rejects when there is no answer. */
  post(url: string, { headers, body }: WebhookMessage): Promise<number> {
    const target = new URL(url);
    const signal = AbortSignal.timeout(this.timeoutMilliseconds);
    return new Promise((resolve, reject) => {
      const answered = (response: http.IncomingMessage) => {
        resolve(response.statusCode ?? 0);
        response.on('error', () => undefined);
        // What else it says is of no use, and may be endless.
        response.destroy();
      };
      const request =
        target.protocol === 'https:'
          ? https.request(target, { method: 'POST', headers, signal, agent: this.agents['https:'] }, answered)
          : http.request(target, { method: 'POST', headers, signal, agent: this.agents['http:'] }, answered);
      request.on('error', reject);
      request.end(body);
    });
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }
}
